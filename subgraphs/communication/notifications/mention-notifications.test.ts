import { newId } from '../../../platform/ids.ts'
import { changeMembers, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, reported } from '../../../testing/communication/inbox.ts'
import { postOf } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'

let app: TestCommunication
let author: string
let friend: string
let stranger: string
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

beforeEach(async () => {
  ;[author = '', friend = '', stranger = ''] = await app.people(
    ...['a', 'f', 's'].map((each) => `${each}${++names}_m`),
  )
  await does('requestFriend', author, friend)
  await does('acceptFriendRequest', friend, author)
})

const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation { ${verb}(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(who))
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 26) + seconds * 1000).toISOString()
/** Reports mentions in a post, as blog does. */
const mentions = (
  mentionedIds: string[],
  more: {
    postId?: string
    audience?: string
    audienceListId?: string
    seconds?: number
    not?: string[]
    by?: string
  } = {},
) => {
  const { postId = newId(), audience = 'PUBLIC', seconds = 0, not = [], by = author, ...rest } = more
  const about = { authorId: by, actorId: by, postId, audience, occurredAt: at(seconds), ...rest }
  return reported(app, { kind: 'MENTIONED', ...about, mentionedIds, unmentionedIds: not })
}
const shownTo = async (userId: string) =>
  (await inboxOf(app, userId)).shown
    .map(({ __typename, post }) => ({ kind: __typename, postId: (post as { id: string } | null)?.id }))
    .filter(({ kind }) => kind === 'MentionedInPost' || kind === 'PostPublished')
const isMentioned = async (userId: string) =>
  (await shownTo(userId)).filter(({ kind }) => kind === 'MentionedInPost').length === 1
const delivered = () =>
  eventually(
    async () => (await app.pool.query('SELECT FROM communication_outbox.message')).rowCount === 0,
    10_000,
  )

describe('a notification of a mention', () => {
  it('goes once to each mentioned user, however often it is reported, and not to the author', async () => {
    const postId = newId()
    for (const _ of Array(2)) await mentions([friend, stranger, author, newId()], { postId })
    for (const user of [friend, stranger])
      expect(await shownTo(user)).toEqual([{ kind: 'MentionedInPost', postId }])
    expect(await shownTo(author)).toEqual([])
  })

  describe('by an author who is not a friend', () => {
    const DAY = 24 * 60 * 60
    const posts = async (userId: string) => (await shownTo(userId)).map(({ postId }) => postId)

    it('arrives three times in 24 hours, and of friends each time', async () => {
      const sent: string[] = []
      for (let index = 0; index < 5; index++)
        sent.unshift(await mentions([friend, stranger], { seconds: index }))
      expect(await posts(friend)).toEqual(sent)
      expect(await posts(stranger)).toEqual(sent.slice(2))
      // The first is 24 hours old, the second not.
      await mentions([stranger], { seconds: DAY - 1 })
      expect(await posts(stranger)).toHaveLength(3)
      const next = await mentions([stranger], { seconds: DAY })
      await mentions([stranger], { seconds: DAY })
      expect(await posts(stranger)).toEqual([next, ...sent.slice(2)])
    })

    it('leaves no trace of the fourth: no position in the inbox, and no retraction', async () => {
      for (let index = 0; index < 3; index++) await mentions([stranger])
      const traces = async () => {
        const inbox = await app.pool.query('SELECT last_position FROM inboxes WHERE user_id = $1', [stranger])
        const hidden = await app.pool.query('SELECT FROM retractions WHERE actor_id = $1', [stranger])
        return [inbox.rows, hidden.rowCount]
      }
      const before = await traces()
      await mentions([stranger])
      expect(await traces()).toEqual(before)
    })

    it('counts each pair by itself, repetitions once, and mentions that were taken back', async () => {
      const [other = '', another = ''] = await app.people(`x${++names}_m`, `y${names}_m`)
      const postId = newId()
      for (const _ of Array(4)) await mentions([stranger], { postId })
      const second = await mentions([stranger])
      await mentions([], { postId: second, seconds: 1, not: [stranger] })
      await mentions([stranger], { seconds: 2 })
      await mentions([stranger], { seconds: 3 })
      expect(await posts(stranger)).toHaveLength(2)
      await mentions([stranger, other], { seconds: 4 })
      expect((await Promise.all([stranger, other].map(posts))).map(({ length }) => length)).toEqual([2, 1])
      await mentions([stranger], { seconds: 5, by: another })
      expect(await posts(stranger)).toHaveLength(3)
    })

    it('arrives three times also if many posts are reported at once', async () => {
      await Promise.all(Array.from({ length: 12 }, () => mentions([stranger])))
      expect(await posts(stranger)).toHaveLength(3)
    })

    it('is shown again by an edit after the limit was reached, if it had arrived', async () => {
      const postId = await mentions([stranger])
      for (let index = 1; index < 4; index++) await mentions([stranger], { seconds: index })
      await mentions([], { postId, seconds: 5, not: [stranger] })
      expect(await posts(stranger)).not.toContain(postId)
      await mentions([stranger], { postId, seconds: 6 })
      expect(await posts(stranger)).toContain(postId)
    })
  })

  it.each([
    ['PUBLIC', true, true],
    ['FRIENDS', true, false],
    ['ONLY_ME', false, false],
  ])('in a post for %s goes to a friend: %s, and to a stranger: %s', async (audience, ...reaches) => {
    await mentions([friend, stranger], { audience })
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual(reaches)
  })

  it.each([
    ['ONLY_LIST', true],
    ['EXCEPT_LIST', false],
  ])('in a post for %s goes to a member of the list: %s', async (audience, isReached) => {
    const audienceListId = await listOf(app, author, [friend])
    const { postId } = await postOf(app, author, [], audience, { audienceListId })
    await mentions([friend, stranger], { postId, audience, audienceListId })
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual([isReached, false])
    if (!isReached) return
    await changeMembers(app, author, audienceListId, { remove: [friend] })
    expect(await isMentioned(friend)).toBe(false)
  })

  it.each([
    ['the author has blocked', 'blockUser', () => [author, stranger]],
    ['has blocked the author', 'blockUser', () => [stranger, author]],
    ['has muted the author', 'muteUser', () => [stranger, author]],
  ])('does not go to a user whom or who %s', async (_what, verb, users) => {
    const [who = '', whom = ''] = users()
    await does(verb, who, whom)
    await mentions([friend, stranger])
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual([true, false])
    const { rowCount } = await app.pool.query('SELECT FROM notifications WHERE user_id = $1', [stranger])
    expect(rowCount).toBe(0)
  })

  it('replaces the notification of the new post for a friend', async () => {
    const [other = ''] = await app.people(`o${++names}_m`)
    await does('requestFriend', author, other)
    await does('acceptFriendRequest', other, author)
    const postId = await mentions([friend], { audience: 'FRIENDS' })
    await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, postId, audience: 'FRIENDS' })
    await delivered()
    expect(await shownTo(friend)).toEqual([{ kind: 'MentionedInPost', postId }])
    expect(await shownTo(other)).toEqual([{ kind: 'PostPublished', postId }])
  })

  it('gives the notification of the new post back to a friend when an edit removes the mention', async () => {
    const postId = await mentions([friend, stranger])
    const published = { kind: 'PUBLISHED', authorId: author, actorId: author, postId, audience: 'PUBLIC' }
    await reported(app, published)
    await delivered()
    const [mention] = (await inboxOf(app, friend)).shown
    const read = 'mutation ($ids: [ID!]) { markNotificationsRead(input: { ids: $ids }) { __typename } }'
    await app.ask(read, { ids: [mention?.id] }, viewer(friend))
    const { unread } = await inboxOf(app, friend)
    for (const seconds of [1, 2]) await mentions([], { postId, seconds, not: [friend, stranger] })
    expect(await shownTo(friend)).toEqual([{ kind: 'PostPublished', postId }])
    expect(await shownTo(stranger)).toEqual([])
    expect((await inboxOf(app, friend)).unread).toBe(unread)
    await mentions([friend], { postId, seconds: 3 })
    expect(await shownTo(friend)).toEqual([{ kind: 'MentionedInPost', postId }])
  })

  it('does not give it back to a friend who is not in the audience, or has muted the author since', async () => {
    const postId = await mentions([friend], { audience: 'FRIENDS' })
    await mentions([], { postId, audience: 'ONLY_ME', seconds: 1, not: [friend] })
    expect(await shownTo(friend)).toEqual([])
    const other = await mentions([friend], { audience: 'FRIENDS' })
    await does('muteUser', friend, author)
    await mentions([], { postId: other, audience: 'FRIENDS', seconds: 1, not: [friend] })
    expect(await shownTo(friend)).toEqual([])
  })

  it('does not stay in the way when the post is published again after the mention was removed', async () => {
    const postId = await mentions([friend], { audience: 'FRIENDS' })
    await mentions([], { postId, audience: 'ONLY_ME', seconds: 1, not: [friend] })
    const published = { kind: 'PUBLISHED', authorId: author, actorId: author, postId, audience: 'FRIENDS' }
    await reported(app, published)
    await delivered()
    expect(await shownTo(friend)).toEqual([{ kind: 'PostPublished', postId }])
  })

  it('hides the notification of the new post when an edit adds the mention, also in the count and the feed', async () => {
    const postId = newId()
    const published = { kind: 'PUBLISHED', authorId: author, actorId: author, postId, audience: 'FRIENDS' }
    await reported(app, published)
    await delivered()
    expect(await shownTo(friend)).toEqual([{ kind: 'PostPublished', postId }])
    const [{ id: hidden } = { id: '' }] = (await inboxOf(app, friend)).shown
    const { unread } = await inboxOf(app, friend)
    await mentions([friend], { postId, audience: 'FRIENDS', seconds: 1 })
    expect(await shownTo(friend)).toEqual([{ kind: 'MentionedInPost', postId }])
    expect((await inboxOf(app, friend)).unread).toBe(unread)
    expect((await feedOf(app, friend, '0')).events.map(({ id }) => id)).not.toContain(hidden)
    await mentions([], { postId, audience: 'FRIENDS', seconds: 2, not: [friend] })
    expect(await shownTo(friend)).toEqual([{ kind: 'PostPublished', postId }])
  })

  it('is taken back when an edit removes the mention, and is not sent again when another adds it', async () => {
    const postId = await mentions([friend, stranger])
    await mentions([stranger], { postId, seconds: 1, not: [friend] })
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual([false, true])
    const { shown, unread } = await inboxOf(app, friend)
    expect(unread).toBe(shown.filter(({ readAt }) => readAt === null).length)
    await mentions([friend, stranger], { postId, seconds: 2 })
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual([true, true])
    const { rowCount } = await app.pool.query('SELECT FROM notifications WHERE post_id = $1', [postId])
    expect(rowCount).toBe(3)
  })

  it('stays taken back if the report of the mention arrives after that of its removal', async () => {
    const postId = await mentions([], { seconds: 5, not: [friend] })
    await mentions([friend], { postId, seconds: 1 })
    expect(await isMentioned(friend)).toBe(false)
  })

  it('follows the audience of the post', async () => {
    const postId = await mentions([friend, stranger])
    const seen = async (audience: string, seconds: number) => {
      await mentions([friend, stranger], { postId, audience, seconds })
      return Promise.all([friend, stranger].map(isMentioned))
    }
    expect(await seen('FRIENDS', 1)).toEqual([true, false])
    expect(await seen('ONLY_ME', 2)).toEqual([false, false])
    expect(await seen('PUBLIC', 3)).toEqual([true, true])
    await reported(app, { kind: 'DELETED', authorId: author, actorId: author, postId, occurredAt: at(4) })
    expect(await Promise.all([friend, stranger].map(isMentioned))).toEqual([false, false])
  })

  it('disappears with the friendship unless the post is public', async () => {
    await mentions([friend], { audience: 'FRIENDS' })
    const postId = await mentions([friend], { audience: 'PUBLIC' })
    expect(await shownTo(friend)).toHaveLength(2)
    await does('unfriend', author, friend)
    expect(await shownTo(friend)).toEqual([{ kind: 'MentionedInPost', postId }])
    await does('blockUser', author, friend)
    expect(await shownTo(friend)).toEqual([])
  })

  it('that is taken back is recorded with the mentioned user, with whom the record is erased', async () => {
    const postId = await mentions([], { not: [stranger] })
    const { rows } = await app.pool.query(
      `SELECT actor_id AS id FROM retractions WHERE subject LIKE 'mentioned in ' || $1 || '%'`,
      [postId],
    )
    expect(rows).toEqual([{ id: stranger }])
  })

  it('is refused for ids that are none, and for more than 100 users', async () => {
    await expect(mentions(['nobody'])).rejects.toThrow()
    await expect(mentions(Array.from({ length: 101 }, newId))).rejects.toThrow()
  })
})

describe('usersByHandles', () => {
  const find = async (viewerId: string | null, handles: string[]) => {
    const query = `query ($viewerId: ID, $handles: [String!]!) {
      usersByHandles(viewerId: $viewerId, handles: $handles) { id }
    }`
    return app.internal(query, { viewerId, handles }, 'blog')
  }
  const handleOf = async (id: string): Promise<string> =>
    (await app.pool.query('SELECT handle FROM users WHERE id = $1', [id])).rows[0].handle

  it('finds users in the order of the handles, whatever the letter case, with one statement', async () => {
    const handle = await handleOf(friend)
    const asked = [handle.toUpperCase(), 'nobody_here', 'no handle', await handleOf(author), handle]
    const statements = await app.statements(async () => {
      const { data } = await find(author, asked)
      expect(data.usersByHandles.map((user: { id: string } | null) => user?.id ?? null)).toEqual([
        friend,
        null,
        null,
        author,
        friend,
      ])
    })
    expect(statements).toHaveLength(1)
  })

  it('finds users for everybody who is signed out', async () => {
    const handle = await handleOf(friend)
    expect((await find(null, [handle, 'nobody_here'])).data.usersByHandles).toEqual([{ id: friend }, null])
  })

  it('finds nobody with a block in either direction, and refuses more than 100 handles', async () => {
    const handle = await handleOf(stranger)
    await does('blockUser', author, stranger)
    for (const viewerId of [author, stranger]) {
      const other = viewerId === author ? handle : await handleOf(author)
      expect((await find(viewerId, [other])).data.usersByHandles).toEqual([null])
    }
    expect((await find(author, Array(101).fill(handle))).errors[0]?.code).toBe('BAD_USER_INPUT')
    expect((await find('nobody', [handle])).errors[0]?.code).toBe('BAD_USER_INPUT')
  })
})
