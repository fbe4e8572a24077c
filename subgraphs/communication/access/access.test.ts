import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import {
  MEDIA_ACCESS,
  type Media,
  mediaOf,
  playableBy,
  postOf,
  registered,
} from '../../../testing/communication/media.ts'

const AUDIENCES = ['PUBLIC', 'FRIENDS', 'ONLY_ME', 'in no post'] as const
type Shown = (typeof AUDIENCES)[number]

// Who may play which media, by the owner's relationship to the viewer. Deleted media cannot be played.
const MATRIX: Record<string, { page: boolean; plays: readonly Shown[] }> = {
  'the owner': { page: true, plays: AUDIENCES },
  'a friend': { page: true, plays: ['PUBLIC', 'FRIENDS'] },
  'a user who sent a friend request': { page: true, plays: ['PUBLIC'] },
  'a user who received a friend request': { page: true, plays: ['PUBLIC'] },
  'a stranger': { page: true, plays: ['PUBLIC'] },
  'a signed-out viewer': { page: true, plays: ['PUBLIC'] },
  'a user whom the owner has blocked': { page: false, plays: [] },
  'a user who has blocked the owner': { page: false, plays: [] },
}

let app: TestCommunication
let owner: string
let viewers: Record<string, string | null>
const media = {} as Record<Shown, { live: Media; gone: Media }>

beforeAll(async () => {
  app = await startTestCommunication({
    STORAGE_PUBLIC_URL: 'https://media.example/',
    BLOG_PUBLIC_URL: 'https://pages.example',
  })
  const [me = '', friend = '', asker = '', asked = '', stranger = '', hated = '', hater = ''] =
    await app.people('owner', 'friend', 'asker', 'asked', 'stranger', 'hated', 'hater')
  owner = me
  viewers = {
    'the owner': me,
    'a friend': friend,
    'a user who sent a friend request': asker,
    'a user who received a friend request': asked,
    'a stranger': stranger,
    'a signed-out viewer': null,
    'a user whom the owner has blocked': hated,
    'a user who has blocked the owner': hater,
  }
  const does = (verb: string, who: string, whom: string) =>
    app.ask(`mutation { ${verb}(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(who))
  await does('requestFriend', friend, me)
  await does('acceptFriendRequest', me, friend)
  await does('requestFriend', asker, me)
  await does('requestFriend', me, asked)
  await does('blockUser', me, hated)
  await does('blockUser', hater, me)
  for (const shown of AUDIENCES) {
    const [live, gone] = [await registered(app, mediaOf(me)), await registered(app, mediaOf(me))]
    media[shown] = { live, gone }
    if (shown !== 'in no post') await postOf(app, me, [live.mediaId, gone.mediaId], shown)
    await app.internal(`mutation { unregisterMedia(input: { mediaId: "${gone.mediaId}" }) }`, {}, 'storage')
  }
})

afterAll(() => app.close())

const callerFor = (viewerId: string | null) => (viewerId === null ? ANONYMOUS : viewer(viewerId))
const entities = async (viewerId: string | null, refs: object[]) => {
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
    ... on Media { id owner { id } ${MEDIA_ACCESS} } ... on Moblog { id access { url token expiresAt } }
  } }`
  return (await app.ask(query, { refs }, callerFor(viewerId))).data._entities
}
const asMedia = (id: string) => ({ __typename: 'Media', id })
const asMoblog = (id: string) => ({ __typename: 'Moblog', id })

describe.each(Object.keys(MATRIX))('%s', (who) => {
  const allowed = MATRIX[who] ?? { page: false, plays: [] }

  it.each(AUDIENCES)('plays media exactly as the matrix says: %s', async (shown) => {
    const { live, gone } = media[shown]
    const viewerId = viewers[who] ?? null
    const [alive, dead] = await entities(viewerId, [asMedia(live.mediaId), asMedia(gone.mediaId)])
    const plays = allowed.plays.includes(shown)
    expect(alive.access !== null).toBe(plays)
    expect(alive.owner).toEqual(plays ? { id: owner } : null)
    expect(dead).toMatchObject({ access: null, owner: null })
    expect(await playableBy(app, viewerId, [live.mediaId, gone.mediaId])).toEqual(plays ? [live.mediaId] : [])
    // For its pages, blog gets the same tokens, in the order of the request.
    const query = `query ($viewerId: ID, $mediaIds: [ID!]!) {
      tokens: mediaAccessOf(viewerId: $viewerId, mediaIds: $mediaIds) { url }
    }`
    const mediaIds = [gone.mediaId, newId(), 'x', live.mediaId]
    const { data } = await app.internal(query, { viewerId, mediaIds }, 'blog')
    expect(data.tokens).toEqual([null, null, null, plays ? { url: alive.access.url } : null])
  })

  it(`${allowed.page ? 'gets' : 'does not get'} access to the page`, async () => {
    const [moblog] = await entities(viewers[who] ?? null, [asMoblog(owner)])
    expect(moblog.access !== null).toBe(allowed.page)
  })
})

describe('viewers who ask at the same time', () => {
  it('each get their own access', async () => {
    const refs = [asMoblog(owner), ...AUDIENCES.flatMap((shown) => [asMedia(media[shown].live.mediaId)])]
    const accessOf = async (who: string) => {
      const found: { access: object | null; owner?: object | null }[] = await entities(
        viewers[who] ?? null,
        refs,
      )
      return found.map(({ access, owner }) => ({ access, owner }))
    }
    // Those who may the least are among the others, in both orders, and several times.
    const everyone = Object.keys(MATRIX)
    const asked = Array.from({ length: 4 }, (_, round) =>
      round % 2 ? everyone : everyone.toReversed(),
    ).flat()
    const together = await Promise.all(asked.map(async (who) => ({ who, found: await accessOf(who) })))
    for (const { who, found } of together) expect({ who, found }).toEqual({ who, found: await accessOf(who) })
  })
})

describe('media access', () => {
  it('is a token for this viewer and this media, in addresses that every player understands', async () => {
    const { live } = media.FRIENDS
    const friend = viewers['a friend'] ?? ''
    const [{ access }] = await entities(friend, [asMedia(live.mediaId)])
    const claims = await app.host.verifier.verify(access.token, {
      issuer: 'communication',
      audience: 'storage',
      typ: 'media+jwt',
    })
    expect(claims).toMatchObject({ sub: friend, media: live.mediaId, owner })
    expect(new Date(access.expiresAt).getTime()).toBe((claims.exp ?? 0) * 1000)
    const base = `https://media.example/v/${access.token}/${live.mediaId}`
    expect(access).toMatchObject({
      url: `${base}/original`,
      progressiveUrl: null,
      streamUrl: `${base}/stream/index.m3u8`,
      posterUrl: `${base}/poster`,
    })
  })

  it('names no viewer if the viewer is signed out', async () => {
    const [{ access }] = await entities(null, [asMedia(media.PUBLIC.live.mediaId)])
    const expected = { issuer: 'communication', audience: 'storage', typ: 'media+jwt' }
    expect(await app.host.verifier.verify(access.token, expected)).not.toHaveProperty('sub')
  })

  it('has a token that lasts as long as the media plays, and at most six hours', async () => {
    const hour = await registered(app, { ...mediaOf(owner), durationSeconds: 3600 })
    const day = await registered(app, { ...mediaOf(owner), durationSeconds: 86_400 })
    const [one, two] = await entities(owner, [asMedia(hour.mediaId), asMedia(day.mediaId)])
    const left = (access: { expiresAt: string }) => (Date.parse(access.expiresAt) - Date.now()) / 1000
    expect(left(one.access)).toBeGreaterThan(3659)
    expect(left(one.access)).toBeLessThan(3660 * 1.2)
    expect(left(two.access)).toBeGreaterThan(21_599)
    expect(left(two.access)).toBeLessThan(21_600 * 1.2)
  })

  it('is the same for repeated requests of a viewer, and different for another viewer', async () => {
    const ref = asMedia(media.PUBLIC.live.mediaId)
    const [[first], [second], [other]] = await Promise.all([
      entities(viewers['a stranger'] ?? '', [ref]),
      entities(viewers['a stranger'] ?? '', [ref]),
      entities(viewers['a friend'] ?? '', [ref]),
    ])
    expect(second.access).toEqual(first.access)
    expect(other.access.token).not.toBe(first.access.token)
  })

  it('is null, without an error, for unknown and invalid ids', async () => {
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { ${MEDIA_ACCESS} } } }`
    const answer = await app.ask(query, { refs: [asMedia(newId()), asMedia('nonsense')] }, viewer(owner))
    expect(answer).toEqual({ data: { _entities: [{ access: null }, { access: null }] }, errors: [] })
  })

  it('costs one statement for a hundred media, and one more for their owners', async () => {
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => (await registered(app, mediaOf(owner))).mediaId),
    )
    const refs = ids.map(asMedia)
    const access = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { ${MEDIA_ACCESS} } } }`
    expect(await app.statements(() => app.ask(access, { refs }, viewer(owner)))).toHaveLength(1)
    expect(await app.statements(() => entities(owner, refs))).toHaveLength(2)
  })
})

describe('the number of posts that show a media file', () => {
  const counts = async (viewerId: string | null, ids: string[]): Promise<(number | null)[]> => {
    const query =
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Media { postCount } } }'
    const { data } = await app.ask(query, { refs: ids.map(asMedia) }, callerFor(viewerId))
    return data._entities.map(({ postCount }: { postCount: number | null }) => postCount)
  }

  it('counts each post of the owner until it is deleted or expires', async () => {
    const [shared, alone] = [await registered(app, mediaOf(owner)), await registered(app, mediaOf(owner))]
    const ids = [shared.mediaId, alone.mediaId]
    expect(await counts(owner, ids)).toEqual([0, 0])
    const { postId } = await postOf(app, owner, ids, 'FRIENDS')
    await postOf(app, owner, [shared.mediaId], 'ONLY_ME')
    await postOf(app, owner, [shared.mediaId], 'PUBLIC', { expiresAt: new Date(Date.now() + 60_000) })
    expect(await counts(owner, ids)).toEqual([3, 1])
    await postOf(app, owner, [], 'FRIENDS', { postId, revision: 2 })
    await postOf(app, owner, ids, 'PUBLIC', { expiresAt: new Date(Date.now() - 1_000) })
    expect(await counts(owner, ids)).toEqual([2, 0])
  })

  it('does not count the profile that shows a picture', async () => {
    const { mediaId } = await registered(app, { ...mediaOf(owner), mimeType: 'image/png' })
    const { data } = await app.ask(
      `mutation ($id: ID!) { updateProfile(input: { avatarMediaId: $id }) { ... on UpdateProfilePayload { user { id } } } }`,
      { id: mediaId },
      viewer(owner),
    )
    expect(data.updateProfile.user.id).toBe(owner)
    expect(await counts(owner, [mediaId])).toEqual([0])
    await postOf(app, owner, [mediaId], 'FRIENDS')
    expect(await counts(owner, [mediaId])).toEqual([1])
  })

  it.each(Object.keys(MATRIX).slice(1))('is null for %s', async (who) => {
    const ids = AUDIENCES.map((shown) => media[shown].live.mediaId)
    expect(await counts(viewers[who] ?? null, ids)).toEqual(ids.map(() => null))
  })

  it('is null for deleted, unknown and invalid media', async () => {
    const ids = [media.PUBLIC.gone.mediaId, newId(), 'nonsense', media.PUBLIC.live.mediaId]
    expect(await counts(owner, ids)).toEqual([null, null, null, 1])
  })

  it('costs one statement for a hundred media', async () => {
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => (await registered(app, mediaOf(owner))).mediaId),
    )
    expect(await app.statements(() => counts(owner, ids))).toHaveLength(1)
    expect(await app.statements(() => counts(null, ids))).toHaveLength(0)
  })
})

describe('page access', () => {
  it('is a token for this viewer and this moblog', async () => {
    const stranger = viewers['a stranger'] ?? ''
    const [{ access }] = await entities(stranger, [asMoblog(owner)])
    const claims = await app.host.verifier.verify(access.token, {
      issuer: 'communication',
      audience: 'blog',
      typ: 'page+jwt',
    })
    expect(claims).toMatchObject({ sub: stranger, moblog: owner })
    expect(access.url).toBe(`https://pages.example/m/${access.token}`)
  })

  it('costs one statement, which also reads the relationship to the owner', async () => {
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on User { relationship } ... on Moblog { access { token } }
    } }`
    const refs = [{ __typename: 'User', id: owner }, asMoblog(owner)]
    const statements = await app.statements(() => app.ask(query, { refs }, ANONYMOUS))
    expect(statements).toHaveLength(1)
  })
})

describe('an internal field of access', () => {
  it('returns the relationships of users to a viewer in the order of the request', async () => {
    const asked = [owner, newId(), 'nonsense', viewers['a friend'], owner]
    const query = `query ($viewerId: ID, $userIds: [ID!]!) {
      relationshipsOf(viewerId: $viewerId, userIds: $userIds) { userId isVisible relationship }
    }`
    const ask = async (viewerId: string | null | undefined) =>
      (await app.internal(query, { viewerId, userIds: asked }, 'blog')).data.relationshipsOf
    const records = await ask(viewers['a friend'])
    expect(records.map((record: { userId: string }) => record.userId)).toEqual(asked)
    expect(records.map((record: { relationship: string }) => record.relationship)).toEqual([
      'FRIEND',
      'NONE',
      'NONE',
      'SELF',
      'FRIEND',
    ])
    expect(records.map((record: { isVisible: boolean }) => record.isVisible)).toEqual([
      true,
      false,
      false,
      true,
      true,
    ])
    const [hidden] = await ask(viewers['a user whom the owner has blocked'])
    expect(hidden).toEqual({ userId: owner, isVisible: false, relationship: 'NONE' })
    const [signedOut] = await ask(null)
    expect(signedOut).toEqual({ userId: owner, isVisible: true, relationship: 'NONE' })
  })

  it('returns the names of users to blog, and null for unknown ids', async () => {
    const ids = [newId(), owner, 'nonsense']
    const query = 'query ($ids: [ID!]!) { usersByIds(ids: $ids) { id handle displayName } }'
    const { data } = await app.internal(query, { ids }, 'blog')
    expect(data.usersByIds).toEqual([null, { id: owner, handle: 'owner', displayName: 'Owner' }, null])
  })

  it.each([
    ['{ relationshipsOf(userIds: []) { userId } }', viewer(newId())],
    ['{ playableMedia(mediaIds: []) }', viewer(newId())],
    ['{ playableMedia(mediaIds: []) }', ANONYMOUS],
    ['{ mediaAccessOf(mediaIds: []) { token } }', viewer(newId())],
    ['mutation { unregisterMedia(input: { mediaId: "1" }) }', viewer(newId())],
  ])('does not exist for viewers: %s', async (query, caller) => {
    expect((await app.ask(query, {}, caller)).errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Cannot query field') }),
    ])
  })

  it.each([
    ['{ mediaAccessOf(mediaIds: []) { token } }', 'storage'],
    ['{ usersByIds(ids: []) { handle } }', 'storage'],
    ['{ friendIdsOf(userId: "1") }', 'gateway'],
    ['mutation { unregisterMedia(input: { mediaId: "1" }) }', 'blog'],
    [
      'mutation { setPostAudience(input: { postId: "1", ownerId: "1", mediaIds: [], audience: PUBLIC, revision: 1 }) { unknownMediaIds } }',
      'storage',
    ],
  ])('is refused to services without permission: %s', async (query, service) => {
    expect((await app.internal(query, {}, service)).errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ])
  })

  it.each([
    ['{ viewer { id } }', 'storage'],
    ['{ userByHandle(handle: "owner") { id } }', 'blog'],
    ['mutation { signOut { __typename } }', 'blog'],
  ])('has nothing that is for viewers: %s', async (query, service) => {
    expect((await app.internal(query, {}, service)).errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Cannot query field') }),
    ])
  })
})
