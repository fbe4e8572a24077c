import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, notificationOf, reported } from '../../../testing/communication/inbox.ts'
import { mediaOf, registered } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'
import { pruneNotifications } from './retention-store.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `notified${++names}`))
const pair = async () => {
  const [a = '', b = ''] = await people(2)
  return [a, b] as const
}
const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const rejected = (ownerId: string, uploadId: string) =>
  app.internal(
    'mutation ($input: ReportUploadActivityInput!) { reportUploadActivity(input: $input) }',
    { input: { kind: 'REJECTED', ownerId, uploadId } },
    'storage',
  )
const kinds = async (userId: string) => (await inboxOf(app, userId)).shown.map(({ __typename }) => __typename)

describe('a notification', () => {
  it('of a friend request goes to its receiver, and of its acceptance to its sender', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    expect((await inboxOf(app, b)).shown).toEqual([
      expect.objectContaining({ __typename: 'FriendRequestReceived', from: { id: a }, readAt: null }),
    ])
    await does('acceptFriendRequest', b, a)
    expect((await inboxOf(app, a)).shown).toEqual([
      expect.objectContaining({ __typename: 'FriendRequestAccepted', by: { id: b }, readAt: null }),
    ])
  })

  it.each(['acceptFriendRequest', 'requestFriend'])(
    'of a friend request is read after %s answers it',
    async (step) => {
      const [a, b] = await pair()
      const other = (await pair())[0]
      for (const sender of [a, other]) await does('requestFriend', sender, b)
      expect((await inboxOf(app, b)).unread).toBe(2)
      await does(step, b, a)
      const { shown, unread } = await inboxOf(app, b)
      expect(shown).toEqual([
        expect.objectContaining({ from: { id: other }, readAt: null }),
        expect.objectContaining({ from: { id: a }, readAt: expect.any(String) }),
      ])
      expect(unread).toBe(1)
    },
  )

  it('of crossing requests says that the request was accepted', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await does('requestFriend', b, a)
    expect(await kinds(a)).toEqual(['FriendRequestAccepted'])
    expect(await kinds(b)).toEqual(['FriendRequestReceived'])
  })

  it('of a repeated request exists once, and is replaced if the request is sent anew', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await does('requestFriend', a, b)
    const [first] = (await inboxOf(app, b)).shown
    await app.pool.query("UPDATE relationships SET kind = 'NONE' WHERE user_id IN ($1, $2)", [a, b])
    await does('requestFriend', a, b)
    const { shown } = await inboxOf(app, b)
    expect(shown).toHaveLength(1)
    expect(shown[0]?.id).not.toBe(first?.id)
  })

  it('of an upload says once that it is stored or was rejected', async () => {
    const [a] = await pair()
    const media = await registered(app, mediaOf(a))
    await registered(app, { ...media, hasProgressive: true })
    const uploadId = newId()
    await rejected(a, uploadId)
    await rejected(a, uploadId)
    expect((await inboxOf(app, a)).shown).toMatchObject([
      { __typename: 'MediaRejected', uploadSession: { id: uploadId } },
      { __typename: 'MediaStored', media: { id: media.mediaId } },
    ])
  })

  it('of finished renditions exists once per media', async () => {
    const [a] = await pair()
    const media = await registered(app, mediaOf(a))
    for (let time = 0; time < 2; time++) await registered(app, { ...media, state: 'READY' })
    expect((await inboxOf(app, a)).shown).toMatchObject([
      { __typename: 'MediaReady', media: { id: media.mediaId } },
      { __typename: 'MediaStored', media: { id: media.mediaId } },
    ])
    const failed = await registered(app, { ...mediaOf(a), state: 'FAILED' })
    await registered(app, failed)
    expect(await kinds(a)).toEqual(['MediaRejected', 'MediaStored', 'MediaReady', 'MediaStored'])
  })

  it("of a like or a comment goes to the author once, and never for the author's own actions", async () => {
    const [author, fan] = await pair()
    const postId = newId()
    const like = { kind: 'LIKED', authorId: author, actorId: fan, postId }
    await Promise.all([reported(app, like), reported(app, like), reported(app, like)])
    await reported(app, { ...like, actorId: author })
    const comments = [newId(), newId()]
    for (const commentId of comments) await reported(app, { ...like, kind: 'COMMENTED', commentId })
    expect((await inboxOf(app, author)).shown).toMatchObject([
      { __typename: 'PostCommented', post: { id: postId }, comment: { id: comments[1] } },
      { __typename: 'PostCommented', post: { id: postId }, comment: { id: comments[0] } },
      { __typename: 'PostLiked', post: { id: postId }, by: { id: fan } },
    ])
    expect(await kinds(fan)).toEqual([])
  })

  it('of a post goes once to every friend, and to no other user', async () => {
    const [author, friend, stranger] = await people(3)
    if (!author || !friend || !stranger) throw new Error('the test has too few users')
    await does('requestFriend', author, friend)
    await does('requestFriend', friend, author)
    const postId = await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author })
    await eventually(async () => (await kinds(friend)).includes('PostPublished'), 3_000)
    await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, postId })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await kinds(friend)).toEqual(['PostPublished', 'FriendRequestReceived'])
    expect(await kinds(author)).toEqual(['FriendRequestAccepted'])
    expect(await kinds(stranger)).toEqual([])
  })
})

describe('a notification disappears', () => {
  it('when its friend request is cancelled or declined', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await does('cancelFriendRequest', a, b)
    expect(await inboxOf(app, b)).toMatchObject({ shown: [], unread: 0 })
    await does('requestFriend', a, b)
    expect(await kinds(b)).toEqual(['FriendRequestReceived'])
    await does('declineFriendRequest', b, a)
    expect(await inboxOf(app, b)).toMatchObject({ shown: [], unread: 0 })
    expect(await kinds(a)).toEqual([])
  })

  it.each(['the receiver', 'the actor'])('when %s blocks the other user', async (who) => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    const [notification] = (await inboxOf(app, b)).shown
    await (who === 'the actor' ? does('blockUser', a, b) : does('blockUser', b, a))
    expect(await inboxOf(app, b)).toMatchObject({ shown: [], unread: 0 })
    expect(await notificationOf(app, b, notification?.id ?? '')).toBeNull()
    expect((await feedOf(app, b, '0')).events).toEqual([])
  })

  it('when its actor is deleted', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await app.pool.query('DELETE FROM users WHERE id = $1', [a])
    expect((await inboxOf(app, b)).shown).toEqual([])
  })

  it('when its media is deleted', async () => {
    const [a] = await pair()
    const { mediaId } = await registered(app, mediaOf(a))
    await app.internal(
      'mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }',
      { id: mediaId },
      'storage',
    )
    expect(await kinds(a)).toEqual([])
  })

  it('when its receiver is deleted, and later reports add none', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await app.pool.query('DELETE FROM users WHERE id = $1', [b])
    await rejected(b, newId())
    const { rowCount } = await app.pool.query('SELECT 1 FROM notifications WHERE user_id = $1', [b])
    expect(rowCount).toBe(0)
  })

  it('after the retention time, read or not', async () => {
    const [a] = await pair()
    for (const _ of Array(3)) await rejected(a, newId())
    await app.pool.query("UPDATE notifications SET created_at = '2020-01-01' WHERE user_id = $1", [a])
    await rejected(a, newId())
    expect(await pruneNotifications(app.pool, new Date('2020-01-02'))).toBe(3)
    expect(await kinds(a)).toEqual(['MediaRejected'])
    expect((await feedOf(app, a, '0')).end).toBe('4')
  })
})

describe('the inbox', () => {
  it('has pages, newest first', async () => {
    const [a] = await pair()
    const uploads = Array.from({ length: 5 }, newId)
    for (const id of uploads) await rejected(a, id)
    const first = await inboxOf(app, a, { first: 3 })
    const second = await inboxOf(app, a, { first: 3, after: first.cursor ?? '' })
    expect([first.hasMore, second.hasMore]).toEqual([true, false])
    expect([...first.shown, ...second.shown].map(({ uploadSession }) => uploadSession)).toEqual(
      uploads.reverse().map((id) => ({ id })),
    )
  })

  it.each(['-1', '1e3', '1'.repeat(23), ''])('refuses a cursor with the position %j', async (position) => {
    const [a] = await pair()
    const after = Buffer.from(JSON.stringify(['notifications', position])).toString('base64url')
    await expect(inboxOf(app, a, { after })).rejects.toThrow('not a cursor of this list')
  })

  it('is visible only to its user', async () => {
    const [a, b] = await pair()
    await rejected(a, newId())
    const [notification] = (await inboxOf(app, a)).shown
    expect(await notificationOf(app, b, notification?.id ?? '')).toBeNull()
    const query = 'query ($id: ID!) { user(id: $id) { id notifications { unreadCount } } }'
    for (const caller of [viewer(b), ANONYMOUS]) {
      expect((await app.ask(query, { id: a }, caller)).data.user).toEqual({ id: a, notifications: null })
    }
    const mine = 'query ($id: ID!) { notification(id: $id) { id } }'
    expect((await app.ask(mine, { id: notification?.id }, ANONYMOUS)).data.notification).toBeNull()
    expect((await app.ask(mine, { id: 'nonsense' }, viewer(a))).data.notification).toBeNull()
  })

  it('costs one statement more than its user, and one for the users in it', async () => {
    const [me = '', ...others] = await people(11)
    for (const other of others) await does('requestFriend', other, me)
    const query = `{ viewer { notifications { edges { node { ... on FriendRequestReceived { from { handle } } } } } } }`
    const statements = await app.statements(async () => {
      const { data } = await app.ask(query, {}, viewer(me))
      expect(data.viewer.notifications.edges).toHaveLength(10)
    })
    expect(statements).toHaveLength(3)
  })
})

describe('marking as read', () => {
  const mark = async (userId: string | null, input: object) => {
    const query = `mutation ($input: MarkNotificationsReadInput!) { result: markNotificationsRead(input: $input) {
      __typename
      ... on MarkNotificationsReadPayload { user { id notifications { unreadCount } } }
      ... on Failure { code message } ... on InvalidInput { field }
    } }`
    return (await app.ask(query, { input }, userId === null ? ANONYMOUS : viewer(userId))).data.result
  }

  it('marks single notifications, or all up to one, and keeps the first time', async () => {
    const [a] = await pair()
    for (const _ of Array(5)) await rejected(a, newId())
    const before = (await inboxOf(app, a)).shown
    const marked = await mark(a, { ids: [before[0]?.id, before[0]?.id, newId()] })
    expect(marked).toMatchObject({ user: { id: a, notifications: { unreadCount: 4 } } })
    const readAt = (await inboxOf(app, a)).shown[0]?.readAt
    expect(await mark(a, { upTo: before[2]?.id })).toMatchObject({
      user: { notifications: { unreadCount: 1 } },
    })
    expect(await mark(a, { upTo: before[0]?.id })).toMatchObject({
      user: { notifications: { unreadCount: 0 } },
    })
    expect((await inboxOf(app, a)).shown[0]?.readAt).toBe(readAt)
  })

  it("does not change another user's notifications", async () => {
    const [a, b] = await pair()
    await rejected(a, newId())
    const [notification] = (await inboxOf(app, a)).shown
    await mark(b, { ids: [notification?.id] })
    expect(await mark(b, { upTo: notification?.id })).toMatchObject({ code: 'NOT_FOUND' })
    expect((await inboxOf(app, a)).unread).toBe(1)
  })

  it.each([
    ['neither "ids" nor "upTo"', {}, 'input'],
    ['both "ids" and "upTo"', { ids: [], upTo: newId() }, 'input'],
    ['an invalid id in "ids"', { ids: ['1'] }, 'input.ids'],
    ['an invalid id in "upTo"', { upTo: "' OR 1=1 --" }, 'input.upTo'],
    ['too many ids', { ids: Array.from({ length: 101 }, newId) }, 'input.ids'],
  ])('refuses %s', async (_what, input, field) => {
    const [a] = await pair()
    expect(await mark(a, input)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', field })
  })

  it('requires a signed-in viewer', async () => {
    expect(await mark(null, { ids: [] })).toMatchObject({ code: 'NOT_ALLOWED', message: 'Sign in first.' })
  })
})

describe('an internal field', () => {
  it.each([
    ['notificationFeeds(readers: [], first: 1) { end }', 'query', 'blog'],
    ['reportUploadActivity(input: { kind: REJECTED, uploadId: "1", ownerId: "1" })', 'mutation', 'blog'],
    [
      'reportPostActivity(input: { kind: LIKED, postId: "1", authorId: "1", actorId: "1", occurredAt: "2026-01-01T00:00:00Z" })',
      'mutation',
      'storage',
    ],
  ])('is refused to services without permission: %s', async (field, kind, service) => {
    expect((await app.internal(`${kind} { ${field} }`, {}, service)).errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ])
  })
})
