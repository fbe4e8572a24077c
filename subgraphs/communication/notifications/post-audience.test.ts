import { newId } from '../../../platform/ids.ts'
import { changeList, changeMembers, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, notificationOf, reported } from '../../../testing/communication/inbox.ts'
import { postOf } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'

let app: TestCommunication
let author: string
let member: string
let other: string
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

beforeEach(async () => {
  ;[author = '', member = '', other = ''] = await app.people(
    ...['a', 'b', 'c'].map((each) => `${each}${++names}_n`),
  )
  for (const friend of [member, other]) {
    const request = 'mutation ($id: ID!) { requestFriend(input: { userId: $id }) { __typename } }'
    await app.ask(request, { id: friend }, viewer(author))
    await app.ask(request, { id: author }, viewer(friend))
  }
})

const postsIn = async (userId: string) =>
  (await inboxOf(app, userId)).shown.filter(({ __typename }) => __typename === 'PostPublished')
const delivered = () =>
  eventually(async () => {
    const { rowCount } = await app.pool.query('SELECT FROM communication_outbox.message')
    return rowCount === 0
  }, 10_000)

/** Publishes a post, as blog does, and waits until everyone is notified. */
async function publish(audience: string, audienceListId?: string, expiresAt?: Date): Promise<string> {
  const list = audienceListId === undefined ? {} : { audienceListId }
  const { postId } = await postOf(app, author, [], audience, { ...list, ...(expiresAt && { expiresAt }) })
  await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, postId, audience, ...list })
  await delivered()
  return postId
}

describe('the notification of a new post', () => {
  it.each([
    ['ONLY_LIST', true, false],
    ['EXCEPT_LIST', false, true],
    ['FRIENDS', true, true],
    ['PUBLIC', true, true],
    ['ONLY_ME', false, false],
  ])('with %s goes to a member of the list: %s, and to other friends: %s', async (audience, ...reaches) => {
    const listId = audience.endsWith('LIST') ? await listOf(app, author, [member]) : undefined
    await publish(audience, listId)
    const posts = await Promise.all([member, other].map(postsIn))
    expect(posts.map(({ length }) => length === 1)).toEqual(reaches)
  })

  it.each(['ONLY_LIST', 'EXCEPT_LIST'])(
    'with %s goes to nobody if the list is unknown or of another user',
    async (audience) => {
      for (const listId of [newId(), await listOf(app, member, [other])]) await publish(audience, listId)
      // Not even written down.
      const { rowCount } = await app.pool.query(
        `SELECT FROM notifications WHERE actor_id = $1 AND kind = 'POST_PUBLISHED'`,
        [author],
      )
      expect(rowCount).toBe(0)
    },
  )

  it.each([
    [
      'the reader leaves the list',
      (listId: string) => changeMembers(app, author, listId, { remove: [member] }),
    ],
    ['the list is deleted', (listId: string) => changeList(app, author, 'deleteAudienceList', { listId })],
  ])('disappears from the inbox, its count, the feed and the query by id when %s', async (_what, change) => {
    const listId = await listOf(app, author, [member])
    await publish('ONLY_LIST', listId)
    const [shown] = await postsIn(member)
    const { unread } = await inboxOf(app, member)
    await change(listId)
    expect(await postsIn(member)).toEqual([])
    expect((await inboxOf(app, member)).unread).toBe(unread - 1)
    expect((await feedOf(app, member, '0')).events.map(({ id }) => id)).not.toContain(shown?.id)
    expect(await notificationOf(app, member, shown?.id ?? '')).toBeNull()
  })

  it('disappears when its audience is narrowed to a list without the reader, and returns when it is widened', async () => {
    const postId = await publish('FRIENDS')
    const listId = await listOf(app, author, [member])
    await postOf(app, author, [], 'ONLY_LIST', { postId, revision: 2, audienceListId: listId })
    expect((await Promise.all([member, other].map(postsIn))).map(({ length }) => length)).toEqual([1, 0])
    await postOf(app, author, [], 'FRIENDS', { postId, revision: 3 })
    expect((await Promise.all([member, other].map(postsIn))).map(({ length }) => length)).toEqual([1, 1])
  })

  it('disappears when the post expires, as do those of its likes', async () => {
    const postId = await publish('FRIENDS', undefined, new Date(Date.now() + 6_000))
    await reported(app, { kind: 'LIKED', authorId: author, actorId: member, postId })
    const likes = async () =>
      (await inboxOf(app, author)).shown.filter((each) => each.__typename === 'PostLiked')
    expect([(await postsIn(member)).length, (await likes()).length]).toEqual([1, 1])
    await eventually(async () => (await postsIn(member)).length === 0, 15_000)
    expect(await likes()).toEqual([])
  })
})
