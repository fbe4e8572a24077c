import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { planOf, rowsRead, statementsOf, tablesScanned } from '../../../testing/blog/plans.ts'

const FRIENDS = 300
const PAGE = `query ($first: Int) {
  hashtagPosts(tag: "#common", first: $first) { edges { node { id text likedByViewer } } }
}`

let blog: BlogUnderTest
const viewer = newId()
const blocked = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 600_000 })
  const friends = Array.from({ length: FRIENDS }, newId)
  const authors = [...friends, ...Array.from({ length: 20 }, newId)]
  await blog.sql.query('INSERT INTO moblog (id) SELECT unnest($1::uuid[])', [[...authors, blocked]])
  // Friends have 6,000 posts with the hashtag. Strangers have 20,000, of which a third are public, and all of them newer.
  await blog.sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, hashtags, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), author.id, 'PUBLISHED', (ARRAY['PUBLIC', 'FRIENDS', 'ONLY_ME'])[1 + n % 3]::audience,
       '#common', '{}', '{common}', '{}', at, at
     FROM unnest($1::uuid[]) WITH ORDINALITY AS author (id, nth)
     CROSS JOIN generate_series(1, CASE WHEN nth > ${FRIENDS} THEN 1000 ELSE 20 END) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + (n * 1000 + nth) * interval '1 s') AS instant (at)`,
    [authors],
  )
  await blog.sql.query(
    `INSERT INTO post_hashtag SELECT 'other' || n, id, moblog_id, audience, NULL, published_at
     FROM post CROSS JOIN generate_series(1, 2) AS n`,
  )
  for (const friend of friends) blog.communication.befriend(viewer, friend)
  blog.communication.relate(viewer, blocked, 'BLOCKED')
  await blog.sql.query(
    'INSERT INTO post_like (post_id, user_id) SELECT id, gen_random_uuid() FROM post LIMIT 5000',
  )
  await blog.sql.query(
    'INSERT INTO hidden_post (user_id, post_id, hidden_at) SELECT gen_random_uuid(), id, now() FROM post LIMIT 5000',
  )
  await blog.sql.query('VACUUM ANALYZE')
}, 60_000)
afterAll(() => blog.stop())

const read = async (viewerId: string | null, first: number) =>
  (await blog.ask<{ hashtagPosts: { edges: unknown[] } }>(viewerId, PAGE, { first })).hashtagPosts.edges

describe('the page of a hashtag', () => {
  it.each([
    ['signed out', null, 1],
    ['with 300 friends', viewer, 1],
  ] as const)('takes two statements %s, for any number of posts', async (_who, viewerId, calls) => {
    for (const first of [1, 20, 100]) {
      const before = blog.communication.relationshipQueries
      const statements = await statementsOf(async () =>
        expect(await read(viewerId, first)).toHaveLength(first),
      )
      expect(statements.map(({ name }) => name)).toEqual(['hashtag-posts', 'posts-by-id'])
      expect(blog.communication.relationshipQueries).toBe(before + calls)
    }
  })

  it('reads from the indexes no more than the page needs, whoever else has posts with the hashtag', async () => {
    const [statement] = await statementsOf(() => read(viewer, 20))
    if (!statement) throw new Error('no statement')
    const plan = await planOf(blog.sql, statement)
    expect(tablesScanned(plan)).toEqual([])
    // Of each friend and of the public posts at most one page, and one row that shows whether another page follows.
    // The plan rounds the average of all friends.
    expect(rowsRead(plan, 'post_hashtag')).toBeLessThanOrEqual(21 + FRIENDS * 7 + 5)
    const [signedOut] = await statementsOf(() => read(null, 20))
    if (!signedOut) throw new Error('no statement')
    expect(rowsRead(await planOf(blog.sql, signedOut), 'post_hashtag')).toBeLessThanOrEqual(21)
  })
})
