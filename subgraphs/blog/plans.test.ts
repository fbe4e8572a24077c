import { newId } from '../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../testing/blog/blog.ts'
import { planOf, rowsRead, statementsOf, tablesScanned } from '../../testing/blog/plans.ts'
import { eventually } from '../../testing/eventually.ts'

const MOBLOG = `query ($id: ID!, $first: Int!) {
  moblog(id: $id) { title posts(first: $first) { edges { node { id likedByViewer } } } }
}`

let blog: BlogUnderTest
const owner = newId()
let busy: string
let secret: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
  // One moblog with 20,000 posts, of which strangers may see the two oldest, among 5,000 other moblogs.
  await blog.sql.query('INSERT INTO moblog (id) SELECT gen_random_uuid() FROM generate_series(1, 5000)')
  await blog.sql.query('INSERT INTO moblog (id) VALUES ($1)', [owner])
  await blog.sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), moblog.id, 'PUBLISHED',
       CASE WHEN n <= 2 THEN 'PUBLIC' ELSE 'FRIENDS' END::audience, 'text', '{text}', '{}', instant, instant
     FROM moblog CROSS JOIN generate_series(1, CASE WHEN moblog.id = $1 THEN 20000 ELSE 4 END) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 s') AS at (instant)`,
    [owner],
  )
  await blog.sql.query(
    `UPDATE moblog SET hot = random(), newest_public_at = timestamptz '2026-01-01' + random() * interval '1 day'`,
  )
  await blog.sql.query(`UPDATE post SET words = '{rare}' WHERE id = (SELECT id FROM post LIMIT 1)`)
  busy = await blog.publish(newId())
  secret = await blog.publish(owner, { audience: 'FRIENDS' })
  await blog.sql.query(
    `INSERT INTO post_like (post_id, user_id) SELECT id, gen_random_uuid() FROM post CROSS JOIN generate_series(1, 2)`,
  )
  // One post on which 5,000 users took back a like and deleted a comment, and 30 did not.
  await blog.sql.query(
    `WITH users AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, 5030) AS n),
     liked AS (
       INSERT INTO post_like (post_id, user_id, removed_at)
       SELECT $1, id, CASE WHEN n <= 5000 THEN now() END FROM users
     ), commenter AS (
       INSERT INTO post_commenter SELECT $1, id, now(), (n > 5000)::int FROM users
     )
     INSERT INTO comment (id, post_id, number, author_id, text, created_at, deleted_at)
     SELECT gen_random_uuid(), $1, CASE WHEN n > 5000 THEN n END, id, 'x', now(), CASE WHEN n <= 5000 THEN now() END
     FROM users`,
    [busy],
  )
  // Likes of comments, views and hidden posts of other users.
  await blog.sql.query(
    `INSERT INTO comment_like (comment_id, user_id) SELECT id, gen_random_uuid() FROM comment WHERE number IS NOT NULL`,
  )
  await blog.sql.query(
    `INSERT INTO hidden_post (user_id, post_id, hidden_at) SELECT gen_random_uuid(), id, now() FROM post LIMIT 2000`,
  )
  await blog.sql.query(
    `INSERT INTO post_view (post_id, user_id, viewed_at, is_named)
     SELECT $1, gen_random_uuid(), now() - n * interval '1 s', n % 2 = 0 FROM generate_series(1, 2000) AS n`,
    [secret],
  )
  await blog.sql.query(
    'INSERT INTO read_receipt_opt_out SELECT gen_random_uuid() FROM generate_series(1, 2000)',
  )
  await blog.sql.query('UPDATE post SET like_count = 32, comment_count = 30 WHERE id = $1', [busy])
  // New rows are on the pending list of the search index, which is read completely; VACUUM moves them into the index.
  await blog.sql.query('VACUUM ANALYZE')
})
afterAll(() => blog.stop())

describe('the home page among many moblogs', () => {
  it.each(['hotMoblogs', 'newestMoblogs'])(
    'reads no more rows for %s than the page may hold',
    async (field) => {
      const statements = await statementsOf(() =>
        blog.ask(null, `{ ${field}(first: 20) { edges { node { id } } } }`),
      )
      expect(statements).toHaveLength(1)
      for (const statement of statements) {
        const plan = await planOf(blog.sql, statement)
        expect(tablesScanned(plan)).toEqual([])
        expect(rowsRead(plan, 'moblog')).toBe(21)
      }
    },
  )

  it('finds a word with an index', async () => {
    const statements = await statementsOf(() =>
      blog.ask(null, '{ searchMoblogs(query: "rare") { edges { node { id } } } }'),
    )
    expect(statements).toHaveLength(1)
    for (const statement of statements) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).toEqual([])
      expect(rowsRead(plan, 'post')).toBe(1)
    }
  })
})

describe('a list of users', () => {
  it.each([
    ['likes', 'post_like', () => busy],
    ['viewers', 'post_view', () => secret],
  ] as const)('of %s reads no more rows than the page may hold', async (field, table, post) => {
    const page = `${field}(first: 10) { edges { node { id } } }`
    const statements = await statementsOf(() => blog.ask(owner, `{ post(id: "${post()}") { ${page} } }`))
    const [list] = statements.filter(({ text }) => text.includes(`FROM ${table}\n`))
    expect(list).toBeDefined()
    if (!list) return
    const plan = await planOf(blog.sql, list)
    expect(tablesScanned(plan)).toEqual([])
    expect(rowsRead(plan, table)).toBe(11)
  })
})

describe('a withdrawn like or deleted comment', () => {
  it('is not read to list comments', async () => {
    const viewer = newId()
    blog.communication.relate(viewer, newId(), 'INVISIBLE')
    const statements = await statementsOf(() =>
      blog.ask(
        viewer,
        `{ post(id: "${busy}") { commentCount likedByViewer comments(first: 20) { edges { node { id } } } } }`,
      ),
    )
    expect(statements).toHaveLength(3)
    for (const statement of statements) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).toEqual([])
      expect(rowsRead(plan, 'comment')).toBeLessThanOrEqual(21)
      expect(rowsRead(plan, 'post_like') + rowsRead(plan, 'post_commenter')).toBe(0)
    }
  })

  it('is not read to rank a moblog', async () => {
    await blog.sql.query('TRUNCATE rank_due')
    await blog.ask(newId(), `mutation { likePost(input: { postId: "${busy}" }) { __typename } }`)
    const statements = await statementsOf(async () => {
      await blog.startAnother({ backgroundEveryMs: 60_000 })
      await eventually(
        async () => expect((await blog.sql.query('SELECT FROM rank_due')).rowCount).toBe(0),
        15_000,
      )
    })
    const ranking = statements.filter(({ text }) => text.includes('post_commenter'))
    expect(ranking).toHaveLength(1)
    for (const statement of ranking) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).toEqual([])
      expect(rowsRead(plan, 'post_commenter')).toBe(30)
    }
  })
})

describe('reading a moblog among many', () => {
  it.each([
    ['a friend', 'FRIEND', 20],
    ['a stranger', 'NONE', 20],
    ['its owner', 'SELF', 100],
  ] as const)('by %s reads no more rows than the page may hold', async (_who, relationship, first) => {
    const viewer = relationship === 'SELF' ? owner : newId()
    blog.communication.relate(viewer, owner, relationship)
    const statements = await statementsOf(() => blog.ask(viewer, MOBLOG, { id: owner, first }))
    expect(statements).toHaveLength(2)
    for (const statement of statements) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).toEqual([])
      expect(rowsRead(plan, 'post')).toBeLessThanOrEqual(3 * (first + 1))
    }
  })
})
