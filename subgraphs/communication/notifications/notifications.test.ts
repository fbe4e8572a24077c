import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, notificationOf, reported, until } from '../../../testing/communication/inbox.ts'
import { mediaOf, registered } from '../../../testing/communication/media.ts'
import { pruneNotifications } from './retention.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `told${++names}`))
const pair = async () => {
  const [a = '', b = ''] = await people(2)
  return [a, b] as const
}
const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const rejected = (ownerId: string, uploadId: string) =>
  app.internal(
    'mutation ($input: ReportUploadRejectedInput!) { reportUploadRejected(input: $input) }',
    { input: { ownerId, uploadId } },
    'storage',
  )
const kinds = async (userId: string) => (await inboxOf(app, userId)).shown.map(({ __typename }) => __typename)

describe('what is told', () => {
  it('of friendship: who asks and who accepts, each to the other', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await does('acceptFriendRequest', b, a)
    expect((await inboxOf(app, b)).shown).toEqual([
      expect.objectContaining({ __typename: 'FriendRequestReceived', from: { id: a }, readAt: null }),
    ])
    expect((await inboxOf(app, a)).shown).toEqual([
      expect.objectContaining({ __typename: 'FriendRequestAccepted', by: { id: b } }),
    ])
  })

  it('of requests that cross: that they are friends', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await does('requestFriend', b, a)
    expect(await kinds(a)).toEqual(['FriendRequestAccepted'])
    expect(await kinds(b)).toEqual(['FriendRequestReceived'])
  })

  it('of a request that is repeated: once, and of one that is made anew: the newest', async () => {
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

  it('of uploads: what is stored and what was not taken, once each', async () => {
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

  it('of what has been made of an upload: that it is all, once', async () => {
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

  it('of likes and comments: the author, once each, and never of what the author does', async () => {
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

  it('of a post: every friend, once, and nobody else', async () => {
    const [author, friend, stranger] = await people(3)
    if (!author || !friend || !stranger) throw new Error('too few people')
    await does('requestFriend', author, friend)
    await does('requestFriend', friend, author)
    const postId = await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author })
    expect(await until(async () => (await kinds(friend)).includes('PostPublished'))).toBe(true)
    await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, postId })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await kinds(friend)).toEqual(['PostPublished', 'FriendRequestReceived'])
    expect(await kinds(author)).toEqual(['FriendRequestAccepted'])
    expect(await kinds(stranger)).toEqual([])
  })
})

describe('what is not told any more', () => {
  it('of a request that was taken back or declined', async () => {
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

  it.each(['the one who is told', 'the one who did it'])('once %s has blocked the other', async (who) => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    const [told] = (await inboxOf(app, b)).shown
    await (who === 'the one who did it' ? does('blockUser', a, b) : does('blockUser', b, a))
    expect(await inboxOf(app, b)).toMatchObject({ shown: [], unread: 0 })
    expect(await notificationOf(app, b, told?.id ?? '')).toBeNull()
    expect((await feedOf(app, b, '0')).events).toEqual([])
  })

  it('of someone who is deleted', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await app.pool.query('DELETE FROM users WHERE id = $1', [a])
    expect((await inboxOf(app, b)).shown).toEqual([])
  })

  it('of a medium that is gone', async () => {
    const [a] = await pair()
    const { mediaId } = await registered(app, mediaOf(a))
    await app.internal(
      'mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }',
      { id: mediaId },
      'storage',
    )
    expect(await kinds(a)).toEqual([])
  })

  it('to someone who is deleted, whatever is reported', async () => {
    const [a, b] = await pair()
    await does('requestFriend', a, b)
    await app.pool.query('DELETE FROM users WHERE id = $1', [b])
    await rejected(b, newId())
    const { rowCount } = await app.pool.query('SELECT 1 FROM notifications WHERE user_id = $1', [b])
    expect(rowCount).toBe(0)
  })

  it('after the retention, read or not', async () => {
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
  it('comes page by page, newest first', async () => {
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

  it('is its user’s alone', async () => {
    const [a, b] = await pair()
    await rejected(a, newId())
    const [told] = (await inboxOf(app, a)).shown
    expect(await notificationOf(app, b, told?.id ?? '')).toBeNull()
    const query = 'query ($id: ID!) { user(id: $id) { id notifications { unreadCount } } }'
    for (const caller of [viewer(b), ANONYMOUS]) {
      expect((await app.ask(query, { id: a }, caller)).data.user).toEqual({ id: a, notifications: null })
    }
    const mine = 'query ($id: ID!) { notification(id: $id) { id } }'
    expect((await app.ask(mine, { id: told?.id }, ANONYMOUS)).data.notification).toBeNull()
    expect((await app.ask(mine, { id: 'nonsense' }, viewer(a))).data.notification).toBeNull()
  })

  it('costs one statement more than its user, and one for the people in it', async () => {
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

  it('takes some, or one and all before it, and keeps when that was', async () => {
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

  it('does not touch what is another’s', async () => {
    const [a, b] = await pair()
    await rejected(a, newId())
    const [told] = (await inboxOf(app, a)).shown
    await mark(b, { ids: [told?.id] })
    expect(await mark(b, { upTo: told?.id })).toMatchObject({ code: 'NOT_FOUND' })
    expect((await inboxOf(app, a)).unread).toBe(1)
  })

  it.each([
    ['nothing', {}, 'input'],
    ['both', { ids: [], upTo: newId() }, 'input'],
    ['what is no id', { ids: ['1'] }, 'input.ids'],
    ['what is no id either', { upTo: "' OR 1=1 --" }, 'input.upTo'],
    ['too many', { ids: Array.from({ length: 101 }, newId) }, 'input.ids'],
  ])('refuses %s', async (_what, input, field) => {
    const [a] = await pair()
    expect(await mark(a, input)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', field })
  })

  it('needs someone who is signed in', async () => {
    expect(await mark(null, { ids: [] })).toMatchObject({ code: 'NOT_ALLOWED', message: 'Sign in first.' })
  })
})

describe('what is between services', () => {
  it.each([
    ['notificationFeeds(readers: [], first: 1) { end }', 'query', 'blog'],
    ['reportUploadRejected(input: { uploadId: "1", ownerId: "1" })', 'mutation', 'blog'],
    [
      'reportPostActivity(input: { kind: LIKED, postId: "1", authorId: "1", actorId: "1", occurredAt: "2026-01-01T00:00:00Z" })',
      'mutation',
      'storage',
    ],
  ])('is refused to whom it is not for: %s', async (field, kind, service) => {
    expect((await app.internal(`${kind} { ${field} }`, {}, service)).errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ])
  })
})
