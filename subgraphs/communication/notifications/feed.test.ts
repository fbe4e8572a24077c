import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, reported } from '../../../testing/communication/inbox.ts'
import { eventually } from '../../../testing/eventually.ts'
import { MAX_RECIPIENTS } from './notification-store.ts'

let app: TestCommunication
beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const rejected = (ownerId: string) =>
  app.internal(
    'mutation ($input: ReportUploadActivityInput!) { reportUploadActivity(input: $input) }',
    { input: { kind: 'REJECTED', ownerId, uploadId: newId() } },
    'storage',
  )

const befriendAll = (author: string) =>
  app.pool.query(
    `INSERT INTO relationships (user_id, other_id, kind, since)
     SELECT $1::uuid, id, 'FRIEND'::relationship_kind, now() FROM users WHERE id <> $1
     UNION ALL SELECT id, $1::uuid, 'FRIEND', now() FROM users WHERE id <> $1`,
    [author],
  )

describe('the notification feed', () => {
  it('starts now without a position, and continues from a given one', async () => {
    const [a = ''] = await app.people('reader')
    expect(await feedOf(app, a, null)).toEqual({ events: [], end: '0' })
    await rejected(a)
    const { events, end } = await feedOf(app, a, null)
    expect({ events, end }).toEqual({ events: [], end: '1' })
    for (const _ of Array(3)) await rejected(a)
    const page = await feedOf(app, a, end, 2)
    expect(page.events.map(({ position }) => position)).toEqual(['2', '3'])
    expect(page.end).toBe('3')
    expect(await feedOf(app, a, page.end, 2)).toMatchObject({ events: [{ position: '4' }], end: '4' })
  })

  it.each(['nonsense', '-1', '99999999999999999999', '7'])(
    "starts now for a position that is not in the user's inbox: %s",
    async (after) => {
      const [a = ''] = await app.people(`stray${newId().slice(-8)}`)
      await rejected(a)
      expect(await feedOf(app, a, after)).toEqual({ events: [], end: '1' })
    },
  )

  it('skips no notification when many arrive at once', async () => {
    const [reader = '', ...fans] = await app.people(
      'idol',
      ...Array.from({ length: 60 }, (_, i) => `fan${i}`),
    )
    const seen: string[] = []
    let isOver = false
    const reading = (async () => {
      let position = '0'
      for (;;) {
        const last = isOver
        const page = await feedOf(app, reader, position, 7)
        seen.push(...page.events.map(({ id }) => id))
        position = page.end
        if (last && page.events.length === 0) return
      }
    })()
    await Promise.all(
      fans.map((fan) =>
        app.ask(
          'mutation ($id: ID!) { requestFriend(input: { userId: $id }) { __typename } }',
          { id: reader },
          viewer(fan),
        ),
      ),
    )
    isOver = true
    await reading
    const { shown } = await inboxOf(app, reader, { first: 100 })
    expect(seen).toEqual(shown.map(({ id }) => id).reverse())
    expect(seen).toHaveLength(60)
  })

  it("publishes the user's id to every listener", async () => {
    const [a = ''] = await app.people('listener')
    const topics: (string | null)[] = []
    const leave = app.service.feed?.listen((topic) => topics.push(topic))
    await rejected(a)
    await eventually(() => topics.includes(a), 1_000)
    leave?.()
  })
})

describe('a post for 5,000 friends', () => {
  it('is accepted at once and notifies each friend once, also for two simultaneous posts', async () => {
    const ids = await app.people('star', ...Array.from({ length: 5_000 }, (_, i) => `follower${i}`))
    const [author = '', ...others] = ids
    await befriendAll(author)
    const posts = [newId(), newId()]
    const startedAt = performance.now()
    for (const postId of posts)
      await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, postId })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    const delivered = async () => {
      const { rows } = await app.pool.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM notifications WHERE kind = 'POST_PUBLISHED' AND user_id = ANY($1::uuid[])",
        [others],
      )
      return rows[0]?.count
    }
    await eventually(async () => (await delivered()) === 10_000, 20_000)
    const { shown } = await inboxOf(app, others[MAX_RECIPIENTS] ?? '')
    expect(shown.map(({ post }) => post)).toEqual(expect.arrayContaining(posts.map((id) => ({ id }))))
  }, 30_000)
})
