import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { planOf, rowsRead, statementsOf, tablesScanned } from '../../../testing/blog/plans.ts'

type Marked = { __typename: string; moblog?: { unseenCount: number }; code?: string; field?: string }

let blog: BlogUnderTest

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())

const MARK = `mutation ($input: MarkMoblogSeenInput!) { markMoblogSeen(input: $input) {
  __typename ... on MarkMoblogSeenPayload { moblog { unseenCount } } ... on Failure { code } ... on InvalidInput { field }
} }`
const mark = async (viewerId: string | null, moblogId: string, upToPostId: string) =>
  (await blog.ask<{ markMoblogSeen: Marked }>(viewerId, MARK, { input: { moblogId, upToPostId } }))
    .markMoblogSeen
const unseen = async (viewerId: string | null, id: string) => {
  const query =
    'query ($id: ID!) { moblog(id: $id) { unseenCount posts { edges { node { seenByViewer } } } } }'
  const { moblog } = await blog.ask<{
    moblog: { unseenCount: number; posts: { edges: { node: { seenByViewer: boolean } }[] } }
  }>(viewerId, query, { id })
  return { count: moblog.unseenCount, seen: moblog.posts.edges.map(({ node }) => node.seenByViewer) }
}

describe('Moblog.unseenCount', () => {
  it('counts the posts that the viewer may see above the mark, which never moves back', async () => {
    const [ann, viewer] = [newId(), newId()]
    const posts = []
    for (const audience of ['PUBLIC', 'FRIENDS', 'PUBLIC', 'PUBLIC'])
      posts.push(await blog.publish(ann, { audience }))
    const [first = '', , third = ''] = posts
    expect(await unseen(viewer, ann)).toEqual({ count: 3, seen: [false, false, false] })
    expect(await mark(viewer, ann, third)).toEqual({
      __typename: 'MarkMoblogSeenPayload',
      moblog: { unseenCount: 1 },
    })
    expect((await mark(viewer, ann, first)).moblog).toEqual({ unseenCount: 1 })
    expect(await unseen(viewer, ann)).toEqual({ count: 1, seen: [false, true, true] })
    // A friend sees one more post, which is below the mark.
    blog.communication.befriend(viewer, ann)
    expect(await unseen(viewer, ann)).toEqual({ count: 1, seen: [false, true, true, true] })
  })

  it('is 0 in the own moblog and when signed out', async () => {
    const ann = newId()
    const post = await blog.publish(ann)
    expect(await unseen(ann, ann)).toEqual({ count: 0, seen: [true] })
    expect(await unseen(null, ann)).toEqual({ count: 0, seen: [false] })
    expect((await mark(ann, ann, post)).moblog).toEqual({ unseenCount: 0 })
    expect((await blog.sql.query('SELECT FROM seen_mark WHERE viewer_id = $1', [ann])).rowCount).toBe(0)
  })

  it('counts no further than 100, and reads no more rows', async () => {
    const [ann, viewer] = [newId(), newId()]
    await blog.publish(ann)
    // Among many other moblogs: in a table with hardly anything else, the planner would not need the moblog's index.
    await blog.sql.query('INSERT INTO moblog (id) SELECT gen_random_uuid() FROM generate_series(1, 1000)')
    await blog.sql.query(
      `INSERT INTO post (id, moblog_id, state, audience, text, media_ids, published_at, created_at)
       SELECT gen_random_uuid(), moblog.id, 'PUBLISHED', 'PUBLIC', 'x', '{}', at, at
       FROM moblog CROSS JOIN generate_series(1, CASE WHEN moblog.id = $1 THEN 5000 ELSE 10 END) AS n
       CROSS JOIN LATERAL (SELECT now() - n * interval '1 s') AS instant (at)`,
      [ann],
    )
    await blog.sql.query('VACUUM ANALYZE')
    const query = `{ moblog(id: "${ann}") { unseenCount } }`
    const statements = await statementsOf(async () =>
      expect(await blog.ask(viewer, query)).toEqual({ moblog: { unseenCount: 100 } }),
    )
    expect(statements).toHaveLength(1)
    for (const statement of statements) {
      const plan = await planOf(blog.sql, statement)
      expect(tablesScanned(plan)).not.toContain('post')
      expect(rowsRead(plan, 'post')).toBeLessThanOrEqual(101)
    }
  })

  it('and seenByViewer take one statement each for any number of moblogs', async () => {
    const viewer = newId()
    const authors = Array.from({ length: 20 }, newId)
    for (const author of authors) await blog.publish(author)
    const moblogs = (count: number) =>
      authors.slice(0, count).map((id, index) => `m${index}: moblog(id: "${id}") { unseenCount }`)
    for (const count of [1, 20]) {
      const statements = await statementsOf(() => blog.ask(viewer, `{ ${moblogs(count).join('\n')} }`))
      expect(statements).toHaveLength(1)
    }
    const posts = (count: number) =>
      moblogs(count).map((each) => each.replace('unseenCount', 'posts { edges { node { seenByViewer } } }'))
    for (const count of [1, 20]) {
      const statements = await statementsOf(() => blog.ask(viewer, `{ ${posts(count).join('\n')} }`))
      expect(statements).toHaveLength(2)
    }
  })
})

describe('markMoblogSeen', () => {
  it('refuses posts that the viewer may not see or that are in another moblog, and tells neither apart', async () => {
    const [ann, bob, viewer] = [newId(), newId(), newId()]
    const [secret, other] = [await blog.publish(ann, { audience: 'FRIENDS' }), await blog.publish(bob)]
    for (const post of [secret, other, newId()])
      expect(await mark(viewer, ann, post)).toEqual({ __typename: 'RequestFailed', code: 'NOT_FOUND' })
    expect(await mark(viewer, 'x', other)).toMatchObject({ field: 'input.moblogId' })
    expect(await mark(viewer, ann, 'x')).toMatchObject({ field: 'input.upToPostId' })
    expect(await mark(null, bob, other)).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it('keeps one mark if it is called many times at once', async () => {
    const [ann, viewer] = [newId(), newId()]
    const posts: string[] = []
    for (let index = 0; index < 8; index++) posts.push(await blog.publish(ann))
    await Promise.all([...posts, ...posts.toReversed()].map((post) => mark(viewer, ann, post)))
    const { rows } = await blog.sql.query('SELECT post_id FROM seen_mark WHERE viewer_id = $1', [viewer])
    expect(rows).toEqual([{ post_id: posts.at(-1) }])
  })

  it('forgets the marks that were set longest ago when a viewer has more than 10,000', async () => {
    const [ann, viewer] = [newId(), newId()]
    await blog.sql.query(
      `INSERT INTO seen_mark SELECT $1, gen_random_uuid(), now(), gen_random_uuid(), now() - n * interval '1 s'
       FROM generate_series(1, 10000) AS n`,
      [viewer],
    )
    await mark(viewer, ann, await blog.publish(ann))
    const { rows } = await blog.sql.query(
      `SELECT count(*)::int, bool_or(moblog_id = $2) AS new FROM seen_mark WHERE viewer_id = $1`,
      [viewer, ann],
    )
    expect(rows).toEqual([{ count: 10_000, new: true }])
  })

  it('forgets the mark in the moblog of a user who has blocked the viewer before others', async () => {
    const [ann, blocker, viewer] = [newId(), newId(), newId()]
    await mark(viewer, blocker, await blog.publish(blocker))
    await blog.sql.query(
      `INSERT INTO seen_mark SELECT $1, gen_random_uuid(), now(), gen_random_uuid(), now() - n * interval '1 s'
       FROM generate_series(1, 9999) AS n`,
      [viewer],
    )
    const others = async () =>
      (
        await blog.sql.query(
          'SELECT moblog_id FROM seen_mark WHERE viewer_id = $1 AND moblog_id <> ALL ($2)',
          [viewer, [ann, blocker]],
        )
      ).rowCount
    blog.communication.relate(viewer, blocker, 'INVISIBLE')
    await mark(viewer, ann, await blog.publish(ann))
    expect(await others()).toBe(9_999)
    expect(await mark(viewer, ann, await blog.publish(ann))).toMatchObject({ moblog: { unseenCount: 0 } })
    expect(await others()).toBe(9_999)
  })
})
