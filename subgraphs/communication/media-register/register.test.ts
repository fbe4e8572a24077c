import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import {
  MEDIA_ACCESS,
  mediaOf,
  playableBy,
  postOf,
  registered,
} from '../../../testing/communication/media.ts'

let app: TestCommunication
let owner: string
let friend: string
let stranger: string

beforeAll(async () => {
  app = await startTestCommunication()
  ;[owner = '', friend = '', stranger = ''] = await app.people('owner', 'friend', 'stranger')
  const befriend = 'mutation ($id: ID!) { requestFriend(input: { userId: $id }) { __typename } }'
  await app.ask(befriend, { id: owner }, viewer(friend))
  await app.ask(befriend, { id: friend }, viewer(owner))
})

afterAll(() => app.close())

const accessOf = async (mediaId: string, viewerId = owner) => {
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { ${MEDIA_ACCESS} } } }`
  const refs = [{ __typename: 'Media', id: mediaId }]
  return (await app.ask(query, { refs }, viewer(viewerId))).data._entities[0].access
}
const unregister = (mediaId: string) =>
  app.internal('mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }', { id: mediaId }, 'storage')
const whoPlays = async (mediaId: string) => {
  const plays = await Promise.all([friend, stranger].map((id) => playableBy(app, id, [mediaId])))
  return plays.map((ids) => ids.length === 1)
}

const imagesOf = async (mediaId: string, viewerId = owner) => {
  const fields =
    'url small: imageUrl(width: 100) large: imageUrl(width: 4000) captions { language label url }'
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { access { ${fields} } } } }`
  const refs = [{ __typename: 'Media', id: mediaId }]
  return (await app.ask(query, { refs }, viewer(viewerId))).data._entities[0].access
}
const setCaptions = (mediaId: string, languages: string[], revision: number) => {
  const captions = languages.map((language) => ({ language, label: `In ${language}` }))
  const query = 'mutation ($input: SetMediaCaptionsInput!) { setMediaCaptions(input: $input) }'
  return app.internal(query, { input: { mediaId, captions, revision } }, 'storage')
}

describe('a report of captions', () => {
  it('gives viewers their addresses', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    await setCaptions(mediaId, ['de', 'en'], 1)
    const { url, captions } = await imagesOf(mediaId)
    const base = url.slice(0, -'/original'.length)
    expect(captions).toEqual([
      { language: 'de', label: 'In de', url: `${base}/captions/de` },
      { language: 'en', label: 'In en', url: `${base}/captions/en` },
    ])
  })

  it('may arrive repeatedly, late and in any order: the largest revision wins', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    const reports: [string[], number][] = [
      [['en'], 1],
      [['de', 'en'], 2],
      [['de'], 3],
    ]
    await Promise.all([...reports, ...reports.toReversed()].map((report) => setCaptions(mediaId, ...report)))
    expect((await imagesOf(mediaId)).captions).toMatchObject([{ language: 'de' }])
    await registered(app, { ...mediaOf(owner), mediaId, state: 'READY' })
    expect((await imagesOf(mediaId)).captions).toMatchObject([{ language: 'de' }])
  })

  it('leaves nothing when the media is deleted', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    await setCaptions(mediaId, ['en'], 1)
    await unregister(mediaId)
    await setCaptions(mediaId, ['en'], 2)
    expect(await imagesOf(mediaId)).toBeNull()
  })
})

describe('a report of stored media', () => {
  it('may arrive repeatedly, late and in any order: variants are only added', async () => {
    const first = { ...mediaOf(owner), hasStream: false, hasPoster: false }
    const finished = { ...first, hasProgressive: true, hasStream: true, hasPoster: true }
    await Promise.all([registered(app, finished), registered(app, first), registered(app, first)])
    expect(await accessOf(first.mediaId)).toMatchObject({
      progressiveUrl: expect.any(String),
      streamUrl: expect.any(String),
      posterUrl: expect.any(String),
    })
  })

  it('can remove variants if rendering failed', async () => {
    const media = await registered(app, { ...mediaOf(owner), hasProgressive: true })
    await registered(app, { ...media, hasProgressive: false, hasStream: false, state: 'FAILED' })
    expect(await accessOf(media.mediaId)).toMatchObject({
      progressiveUrl: null,
      streamUrl: null,
      posterUrl: expect.any(String),
    })
  })

  it('offers images in the sizes that storage makes, once it has a poster', async () => {
    const media = await registered(app, { ...mediaOf(owner), hasPoster: false })
    expect(await imagesOf(media.mediaId)).toMatchObject({ small: null, large: null, captions: [] })
    await registered(app, media.hasPoster ? media : { ...media, hasPoster: true })
    const { url, small, large } = await imagesOf(media.mediaId)
    const base = url.slice(0, -'/original'.length)
    expect([small, large]).toEqual([`${base}/image/320`, `${base}/image/2048`])
  })

  it('does not change the owner', async () => {
    const media = await registered(app, mediaOf(owner))
    await registered(app, { ...media, ownerId: stranger, hasProgressive: true })
    expect(await playableBy(app, stranger, [media.mediaId])).toEqual([])
    expect((await accessOf(media.mediaId)).progressiveUrl).toBeNull()
  })

  it('does not restore deleted media', async () => {
    const media = await registered(app, mediaOf(owner))
    await unregister(media.mediaId)
    await registered(app, media)
    await unregister(media.mediaId)
    expect(await accessOf(media.mediaId)).toBeNull()
  })

  it('is refused with an invalid id', async () => {
    const query = 'mutation ($input: RegisterMediaInput!) { registerMedia(input: $input) }'
    const input = { ...mediaOf(owner), mediaId: 'nonsense' }
    expect((await app.internal(query, { input }, 'storage')).errors[0]?.code).toBe('BAD_USER_INPUT')
  })
})

describe('a report of a post', () => {
  it('gives its audience access to its media, and the widest audience of several posts applies', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    expect(await whoPlays(mediaId)).toEqual([false, false])
    const { postId } = await postOf(app, owner, [mediaId], 'FRIENDS')
    expect(await whoPlays(mediaId)).toEqual([true, false])
    const wide = await postOf(app, owner, [mediaId], 'PUBLIC')
    expect(await whoPlays(mediaId)).toEqual([true, true])
    await postOf(app, owner, [mediaId], 'ONLY_ME', { postId, revision: 2 })
    expect(await whoPlays(mediaId)).toEqual([true, true])
    await postOf(app, owner, [], 'PUBLIC', { postId: wide.postId, revision: 2 })
    expect(await whoPlays(mediaId)).toEqual([false, false])
  })

  it('applies only if its revision is newer', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    const { postId } = await postOf(app, owner, [mediaId], 'ONLY_ME', { revision: 5 })
    for (const revision of [4, 5]) {
      expect(await postOf(app, owner, [mediaId], 'PUBLIC', { postId, revision })).toEqual({
        postId,
        unknown: [],
      })
      expect(await whoPlays(mediaId)).toEqual([false, false])
    }
    await postOf(app, owner, [mediaId], 'PUBLIC', { postId, revision: 6 })
    expect(await whoPlays(mediaId)).toEqual([true, true])
  })

  it('leaves the newest of simultaneous reports in effect', async () => {
    const { mediaId } = await registered(app, mediaOf(owner))
    const postId = newId()
    const audiences = ['PUBLIC', 'FRIENDS', 'PUBLIC', 'FRIENDS', 'PUBLIC', 'ONLY_ME']
    await Promise.all(
      audiences.map((audience, revision) => postOf(app, owner, [mediaId], audience, { postId, revision })),
    )
    expect(await whoPlays(mediaId)).toEqual([false, false])
  })

  it('of posts that share media can arrive simultaneously without loss or deadlock', async () => {
    const media = await Promise.all([1, 2, 3].map(() => registered(app, mediaOf(owner))))
    const ids = media.map(({ mediaId }) => mediaId)
    const posts = await Promise.all(
      ['FRIENDS', 'PUBLIC', 'ONLY_ME', 'PUBLIC', 'FRIENDS'].map((audience, i) =>
        postOf(app, owner, i % 2 ? ids : [...ids].reverse(), audience),
      ),
    )
    for (const id of ids) expect(await whoPlays(id)).toEqual([true, true])
    await Promise.all(posts.map(({ postId }) => postOf(app, owner, [], 'PUBLIC', { postId, revision: 2 })))
    for (const id of ids) expect(await whoPlays(id)).toEqual([false, false])
  })

  it('changes nothing if media belong to another owner, are unknown, deleted, or have invalid ids', async () => {
    const mine = await registered(app, mediaOf(owner))
    const theirs = await registered(app, mediaOf(stranger))
    const gone = await registered(app, mediaOf(owner))
    await unregister(gone.mediaId)
    const unborn = newId()
    const { postId, unknown } = await postOf(
      app,
      owner,
      [mine.mediaId, theirs.mediaId, gone.mediaId, unborn],
      'PUBLIC',
    )
    expect(unknown).toEqual([theirs.mediaId, gone.mediaId, unborn])
    expect((await postOf(app, owner, ['nonsense'], 'PUBLIC')).unknown).toEqual(['nonsense'])
    expect(await whoPlays(mine.mediaId)).toEqual([false, false])
    expect((await app.pool.query('SELECT 1 FROM posts WHERE id = $1', [postId])).rowCount).toBe(0)
  })

  it('can narrow the audience although some of its media are deleted', async () => {
    const [one, two] = [await registered(app, mediaOf(owner)), await registered(app, mediaOf(owner))]
    const ids = [one.mediaId, two.mediaId]
    const { postId } = await postOf(app, owner, ids, 'PUBLIC')
    await unregister(two.mediaId)
    expect(await postOf(app, owner, ids, 'ONLY_ME', { postId, revision: 2 })).toMatchObject({ unknown: [] })
    expect(await whoPlays(one.mediaId)).toEqual([false, false])
  })
})
