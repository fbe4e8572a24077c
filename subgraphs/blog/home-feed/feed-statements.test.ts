import { newId } from '../../../platform/ids.ts'
import { type HomeFeedUnderTest, startHomeFeedUnderTest } from '../../../testing/blog/home-feed.ts'
import { planOf, rowsRead, statementsOf, tablesScanned } from '../../../testing/blog/plans.ts'

const FRIENDS = 1_000
const OWN = 2_000

/** The gateway's request to this service for schema/operations/home-feed.graphql. */
const FEED = `query ($first: Int, $after: String) { feed(first: $first, after: $after) {
  edges { cursor node {
    id author { id } text audience publishedAt likeCount likedByViewer commentCount seenByViewer
    media { __typename id }
  } }
  pageInfo { hasNextPage endCursor }
} }`

let blog: HomeFeedUnderTest
const [popular, lonely] = [newId(), newId()]

beforeAll(async () => {
  blog = await startHomeFeedUnderTest()
  // One viewer has a thousand friends, the other ten of them. All friends together have 20,000 posts, and a third viewer
  // has another 20,000 that nobody here sees.
  const friends = Array.from({ length: FRIENDS }, newId)
  const authors = [...friends, newId()]
  await blog.sql.query('INSERT INTO moblog (id) SELECT unnest($1::uuid[])', [[...authors, popular, lonely]])
  await blog.sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), author.id, 'PUBLISHED', (ARRAY['PUBLIC', 'FRIENDS', 'ONLY_ME'])[1 + n % 3]::audience,
       'text', '{}', '{}', at, at
     FROM unnest($1::uuid[]) WITH ORDINALITY AS author (id, nth)
     CROSS JOIN generate_series(1, CASE WHEN nth > ${FRIENDS} THEN 20000 ELSE 20 END) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + (n * 1000 + nth) * interval '1 s') AS instant (at)`,
    [authors],
  )
  await blog.sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), owner, 'PUBLISHED', 'FRIENDS', 'mine', '{}', '{}', at, at
     FROM unnest($1::uuid[]) AS owner CROSS JOIN generate_series(1, ${OWN}) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2025-01-01' + n * interval '1 s') AS instant (at)`,
    [[popular, lonely]],
  )
  for (const friend of friends) blog.communication.befriend(popular, friend)
  for (const friend of friends.slice(0, 10)) blog.communication.befriend(lonely, friend)
  for (const viewer of [popular, lonely]) await blog.page(viewer)
  // The planner scans tables that are nearly empty.
  await blog.sql.query(
    'INSERT INTO home_feed (viewer_id, read_at) SELECT gen_random_uuid(), now() FROM generate_series(1, 5000)',
  )
  await blog.sql.query(
    `INSERT INTO seen_mark SELECT gen_random_uuid(), gen_random_uuid(), now(), gen_random_uuid(), now()
     FROM generate_series(1, 5000)`,
  )
  await blog.sql.query(
    'INSERT INTO post_like (post_id, user_id) SELECT id, gen_random_uuid() FROM post LIMIT 5000',
  )
  await blog.sql.query(
    'INSERT INTO hidden_post (user_id, post_id, hidden_at) SELECT gen_random_uuid(), id, now() FROM post LIMIT 5000',
  )
  await blog.sql.query('VACUUM ANALYZE')
})
afterAll(() => blog.stop())

const read = (viewerId: string, first: number, after: string | null = null) =>
  blog.ask<{ feed: { edges: unknown[] } }>(viewerId, FEED, { first, after })

describe('the home feed', () => {
  it.each([
    ['a thousand friends', popular],
    ['ten friends', lonely],
  ])(
    'takes three statements and one call to communication with %s, for any number of posts',
    async (_many, viewer) => {
      for (const first of [1, 20, 100]) {
        const queriesBefore = blog.communication.relationshipQueries
        const statements = await statementsOf(async () =>
          expect((await read(viewer, first)).feed.edges).toHaveLength(first),
        )
        expect(statements).toHaveLength(3)
        expect(blog.communication.relationshipQueries).toBe(queriesBefore + 1)
      }
    },
  )

  it.each([
    ['a thousand friends', popular],
    ['ten friends', lonely],
  ])('reads no more rows with %s than the page may hold', async (_many, viewer) => {
    const { edges, pageInfo } = await blog.page(viewer, 50)
    for (const after of [null, pageInfo.endCursor]) {
      const statements = await statementsOf(() => read(viewer, 20, after))
      for (const statement of statements) {
        const plan = await planOf(blog.sql, statement)
        expect(tablesScanned(plan)).toEqual([])
        expect(rowsRead(plan, 'home_feed_item')).toBeLessThanOrEqual(21)
        // Own posts are read for each audience.
        expect(rowsRead(plan, 'post')).toBeLessThanOrEqual(3 * 21)
      }
    }
    expect(edges).toHaveLength(50)
  })

  it('counts unseen posts with one statement, and reads no more rows than it counts', async () => {
    const statements = await statementsOf(async () => expect(await blog.unseenCount(popular)).toBe(100))
    expect(statements).toHaveLength(1)
    for (const statement of statements) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).not.toContain('post')
      expect(tablesScanned(plan)).not.toContain('home_feed_item')
      expect(rowsRead(plan, 'home_feed_item')).toBeLessThanOrEqual(101)
    }
  })

  it('marks posts of a thousand friends with as many statements as posts of ten', async () => {
    const counts: number[] = []
    for (const viewer of [popular, lonely]) {
      const { edges } = await blog.page(viewer, 1)
      const statements = await statementsOf(() => blog.markSeen(viewer, edges[0]?.node.id ?? ''))
      counts.push(statements.length)
      for (const statement of statements.filter(({ name }) => name?.startsWith('home-feed')))
        expect(tablesScanned(await planOf(blog.sql, statement))).not.toContain('home_feed_item')
      expect(await blog.unseenCount(viewer)).toBe(0)
    }
    expect(counts).toEqual([5, 5])
  })

  it('skips many items that the viewer may no longer see in a few reads', async () => {
    const [viewer, author, other] = [newId(), newId(), newId()]
    for (const friend of [author, other]) blog.communication.befriend(viewer, friend)
    const kept = await blog.publish(other)
    await blog.page(viewer)
    await blog.sql.query(
      `WITH added AS (
         INSERT INTO post (id, moblog_id, state, audience, text, media_ids, published_at, created_at)
         SELECT gen_random_uuid(), $1, 'PUBLISHED', 'FRIENDS', 'x', '{}', now(), now() FROM generate_series(1, 1999)
         RETURNING id, published_at
       ) INSERT INTO home_feed_item (viewer_id, post_id, author_id, published_at)
       SELECT $2, id, $1, published_at FROM added`,
      [await moblogOf(author), viewer],
    )
    blog.communication.relate(viewer, author, 'NONE')
    const statements = await statementsOf(async () => expect(await blog.readAll(viewer, 20)).toEqual([kept]))
    expect(statements.length).toBeLessThanOrEqual(2 * 7 + 1)
  })
})

async function moblogOf(author: string): Promise<string> {
  await blog.sql.query('INSERT INTO moblog (id) VALUES ($1)', [author])
  return author
}
