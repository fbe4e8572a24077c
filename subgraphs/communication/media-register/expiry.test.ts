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
import { eventually } from '../../../testing/eventually.ts'

type Input = { mediaId?: string; ownerId?: string; revocations?: { mediaId?: string }[] }

let app: TestCommunication
let owner: string
let friend: string

beforeAll(async () => {
  app = await startTestCommunication({}, { closeEveryMs: 1_000 })
  ;[owner = '', friend = ''] = await app.people('owner', 'friend')
  const befriend = 'mutation ($id: ID!) { requestFriend(input: { userId: $id }) { __typename } }'
  await app.ask(befriend, { id: owner }, viewer(friend))
  await app.ask(befriend, { id: friend }, viewer(owner))
})
afterAll(() => app.close())

const inMs = (ms: number) => new Date(Date.now() + ms)
const newMedia = async () => (await registered(app, mediaOf(owner))).mediaId
const plays = async (viewerId: string, mediaId: string) =>
  (await playableBy(app, viewerId, [mediaId])).length === 1
const accessOf = async (viewerId: string, mediaId: string) => {
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { ${MEDIA_ACCESS} } } }`
  const refs = [{ __typename: 'Media', id: mediaId }]
  return (await app.ask(query, { refs }, viewer(viewerId))).data._entities[0].access
}
const sent = () =>
  app.storage.calls.map(({ query, variables }) => ({ query, input: variables.input as Input }))
const isRevoked = (mediaId: string) =>
  sent().some(({ input }) => input.revocations?.some((each) => each.mediaId === mediaId))
const deletions = () => sent().filter(({ query }) => query.includes('deleteExpiredMedia'))

describe('a token for media of a post that expires', () => {
  it('does not live longer than the last post that shows the media to the viewer', async () => {
    const mediaId = await newMedia()
    const [soon, later] = [inMs(60_000), inMs(90_000)]
    await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt: soon })
    expect(new Date((await accessOf(friend, mediaId)).expiresAt)).toEqual(soon)
    await postOf(app, owner, [mediaId], 'PUBLIC', { expiresAt: later })
    expect(new Date((await accessOf(friend, mediaId)).expiresAt)).toEqual(later)
    expect(Date.parse((await accessOf(owner, mediaId)).expiresAt)).toBeGreaterThan(later.getTime())
    await postOf(app, owner, [mediaId], 'FRIENDS')
    expect(Date.parse((await accessOf(friend, mediaId)).expiresAt)).toBeGreaterThan(later.getTime())
  })

  it('is not issued from the expiry on, and earlier ones are revoked within a second', async () => {
    const mediaId = await newMedia()
    const expiresAt = inMs(4_000)
    await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt })
    expect(await plays(friend, mediaId)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, expiresAt.getTime() - Date.now() + 1))
    expect(await plays(friend, mediaId)).toBe(false)
    expect(await accessOf(friend, mediaId)).toBeNull()
    expect(await plays(owner, mediaId)).toBe(true)
    await eventually(() => isRevoked(mediaId), 1_000)
  })

  it('is not revoked while another post shows the media to as many users', async () => {
    const [kept, ended] = [await newMedia(), await newMedia()]
    await postOf(app, owner, [kept], 'FRIENDS')
    await postOf(app, owner, [kept, ended], 'FRIENDS', { expiresAt: inMs(200) })
    await eventually(() => isRevoked(ended), 3_000)
    expect(isRevoked(kept)).toBe(false)
    expect(await Promise.all([kept, ended].map((mediaId) => plays(friend, mediaId)))).toEqual([true, false])
  })

  it('is revoked for a post that had expired before the process started', async () => {
    const mediaId = await newMedia()
    await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt: inMs(-60_000) })
    expect(await plays(friend, mediaId)).toBe(false)
    await eventually(() => isRevoked(mediaId), 3_000)
  })
})

describe('the report that a post has expired', () => {
  const expire = (postId: string, revision = 2) =>
    postOf(app, owner, [], 'ONLY_ME', { postId, revision, expiresAt: inMs(-1), deletesMedia: true })

  it('deletes media that no other post shows, once, also if it is repeated', async () => {
    const mediaId = await newMedia()
    const { postId } = await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt: inMs(10_000) })
    const before = deletions().length
    await expire(postId)
    await expire(postId)
    await eventually(() => deletions().length > before, 3_000)
    expect(deletions().slice(before)).toEqual([
      { query: expect.any(String), input: { mediaId, ownerId: owner } },
    ])
    expect(await plays(owner, mediaId)).toBe(false)
    expect((await postOf(app, owner, [mediaId], 'PUBLIC')).unknown).toEqual([mediaId])
  })

  it('keeps media that another post shows, even to the owner alone, and media that the post showed no longer', async () => {
    const [shown, removed] = [await newMedia(), await newMedia()]
    await postOf(app, owner, [shown], 'ONLY_ME')
    const expiresAt = inMs(10_000)
    const { postId } = await postOf(app, owner, [shown, removed], 'FRIENDS', { expiresAt })
    await postOf(app, owner, [shown], 'FRIENDS', { postId, revision: 2, expiresAt })
    const before = deletions().length
    await expire(postId, 3)
    expect(await Promise.all([shown, removed].map((mediaId) => plays(owner, mediaId)))).toEqual([true, true])
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(deletions()).toHaveLength(before)
  })

  it('keeps media of a post that was deleted by its author', async () => {
    const mediaId = await newMedia()
    const { postId } = await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt: inMs(10_000) })
    await postOf(app, owner, [], 'ONLY_ME', { postId, revision: 2 })
    expect(await plays(owner, mediaId)).toBe(true)
  })

  it('never deletes media that a post begins to show at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const mediaId = await newMedia()
      const { postId } = await postOf(app, owner, [mediaId], 'FRIENDS', { expiresAt: inMs(10_000) })
      const [, next] = await Promise.all([expire(postId), postOf(app, owner, [mediaId], 'PUBLIC')])
      const isShown = next.unknown.length === 0
      expect(await plays(newId(), mediaId)).toBe(isShown)
    }
  })
})
