import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { planOf, statementsOf, tablesScanned } from '../../../testing/blog/plans.ts'
import { MAX_HIDDEN } from './hidden-post-store.ts'

type Result = { __typename: string; code?: string; post?: { isHidden: boolean } | null }
type Moblog = { postCount: number; posts: { edges: { node: { id: string } }[] } }

const mutation = (name: string, payload: string) => `mutation ($postId: ID!) {
  ${name}(input: { postId: $postId }) {
    __typename ... on ${payload} { post { isHidden } } ... on Failure { code }
  }
}`
const HIDE = mutation('hidePost', 'HidePostPayload')
const UNHIDE = mutation('unhidePost', 'UnhidePostPayload')

let blog: BlogUnderTest
const author = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())

async function change(viewerId: string | null, operation: string, postId: string): Promise<Result> {
  const [result] = Object.values(await blog.ask<Record<string, Result>>(viewerId, operation, { postId }))
  return result ?? { __typename: 'nothing' }
}

async function listed(viewerId: string | null, first = 100) {
  const query = `query ($id: ID!, $first: Int) {
    moblog(id: $id) { postCount posts(first: $first) { edges { node { id } } } }
  }`
  const { moblog } = await blog.ask<{ moblog: Moblog }>(viewerId, query, { id: author, first })
  return { count: moblog.postCount, ids: moblog.posts.edges.map(({ node }) => node.id) }
}

const found = async (viewerId: string, word: string) =>
  (
    await blog.ask<{ searchMoblogs: { edges: object[] } }>(
      viewerId,
      `{ searchMoblogs(query: "${word}") { edges { node { id } } } }`,
    )
  ).searchMoblogs.edges.length

type HiddenPage = {
  edges: { node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** The ids of all posts in a viewer's list of hidden posts, read in pages of `first`. */
async function hiddenIds(viewerId: string | null, first = 100): Promise<string[]> {
  const query = `query ($first: Int, $after: String) {
    hiddenPosts(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
  }`
  const ids: string[] = []
  let after: string | null = null
  do {
    const asked: { hiddenPosts: HiddenPage } = await blog.ask(viewerId, query, { first, after })
    const { edges, pageInfo } = asked.hiddenPosts
    ids.push(...edges.map(({ node }) => node.id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after)
  return ids
}

const seen = async (viewerId: string | null, id: string) =>
  (await blog.ask<{ post: object }>(viewerId, '{ post(id: "ID") { isHidden } }'.replace('ID', id))).post

it('is what each mutation of an operation shows, also after another one', async () => {
  const [owner, viewer] = [newId(), newId()]
  const id = await blog.publish(owner, { audience: 'PUBLIC' })
  const operation = `mutation ($id: ID!) {
    hide: hidePost(input: { postId: $id }) { ... on HidePostPayload { post { isHidden moblog { postCount } } } }
    show: unhidePost(input: { postId: $id }) { ... on UnhidePostPayload { post { isHidden moblog { postCount } } } }
  }`
  expect(await blog.ask(viewer, operation, { id })).toEqual({
    hide: { post: { isHidden: true, moblog: { postCount: 0 } } },
    show: { post: { isHidden: false, moblog: { postCount: 1 } } },
  })
})

/** Hides public posts of another author. */
const hideMany = (viewerId: string, count: number) =>
  blog.sql.query(
    `WITH owner AS (
       INSERT INTO moblog (id) VALUES (gen_random_uuid()) RETURNING id
     ), many AS (
       INSERT INTO post (id, moblog_id, state, audience, text, media_ids, published_at, created_at)
       SELECT gen_random_uuid(), owner.id, 'PUBLISHED', 'PUBLIC', '', '{}', now(), now()
       FROM owner CROSS JOIN generate_series(1, $2::int) RETURNING id
     ) INSERT INTO hidden_post SELECT $1, id, now() FROM many`,
    [viewerId, count],
  )

describe('a hidden post', () => {
  it('is in no list of the viewer who hid it, can be read by id, and stays in the lists of others', async () => {
    const viewer = newId()
    const [one, two, three] = [
      await blog.publish(author, { text: 'lantern' }),
      await blog.publish(author),
      await blog.publish(author),
    ]
    const before = await listed(viewer)
    for (const _ of Array(2)) {
      expect(await change(viewer, HIDE, one)).toMatchObject({ post: { isHidden: true } })
    }
    await change(viewer, HIDE, three)
    const { count, ids } = await listed(viewer)
    expect([count, ids]).toEqual([before.count - 2, before.ids.filter((id) => id !== one && id !== three)])
    expect((await listed(viewer, 1)).ids).toEqual([two])
    expect([await found(viewer, 'lantern'), await found(newId(), 'lantern')]).toEqual([0, 1])
    expect([await seen(viewer, one), await seen(viewer, two), await seen(null, one)]).toEqual([
      { isHidden: true },
      { isHidden: false },
      { isHidden: false },
    ])
    expect([await listed(newId()), await listed(null)]).toEqual([before, before])
    for (const _ of Array(2)) {
      expect(await change(viewer, UNHIDE, one)).toMatchObject({ post: { isHidden: false } })
    }
    expect((await listed(viewer)).count).toBe(before.count - 1)
    expect(await found(viewer, 'lantern')).toBe(1)
  })

  it('must be a post of another user that the viewer may see', async () => {
    const postId = await blog.publish(author, { audience: 'FRIENDS' })
    expect(await change(null, HIDE, postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await change(null, UNHIDE, postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await change(author, HIDE, postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    for (const operation of [HIDE, UNHIDE]) {
      expect(await change(newId(), operation, 'x')).toMatchObject({ __typename: 'InvalidInput' })
      expect(await change(newId(), operation, postId)).toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  it('can be unhidden when the viewer may no longer see it, and disappears with the post', async () => {
    const friend = newId()
    blog.communication.befriend(author, friend)
    const postId = await blog.publish(author, { audience: 'FRIENDS' })
    await change(friend, HIDE, postId)
    blog.communication.relate(friend, author, 'NONE')
    for (const _ of Array(2))
      expect(await change(friend, UNHIDE, postId)).toMatchObject({ code: 'NOT_FOUND' })
    blog.communication.befriend(author, friend)
    expect(await seen(friend, postId)).toEqual({ isHidden: false })
    await change(friend, HIDE, postId)
    await blog.ask(author, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`)
    expect((await blog.sql.query('SELECT FROM hidden_post WHERE post_id = $1', [postId])).rowCount).toBe(0)
  })

  it('is refused to a viewer who has hidden too many, until they unhide one', async () => {
    const viewer = newId()
    const [one, other] = [await blog.publish(author), await blog.publish(author)]
    await change(viewer, HIDE, one)
    await hideMany(viewer, MAX_HIDDEN - 1)
    expect(await change(viewer, HIDE, other)).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await change(viewer, HIDE, one)).toMatchObject({ post: { isHidden: true } })
    await change(viewer, UNHIDE, one)
    expect(await change(viewer, HIDE, other)).toMatchObject({ post: { isHidden: true } })
  })

  it.each([
    ['has blocked the viewer', 'INVISIBLE'],
    ['is no longer a friend', 'NONE'],
  ] as const)('counts as little as a deleted one if its author %s', async (_, relationship) => {
    const [viewer, other, friend] = [newId(), newId(), newId()]
    for (const who of [viewer, other]) {
      blog.communication.befriend(friend, who)
      await hideMany(who, MAX_HIDDEN - 1)
    }
    const publish = () => blog.publish(friend, { audience: 'FRIENDS' })
    const [kept, deleted] = [await publish(), await publish()]
    await change(viewer, HIDE, kept)
    await change(other, HIDE, deleted)
    for (const who of [viewer, other])
      expect(await change(who, HIDE, await blog.publish(author))).toMatchObject({ code: 'RATE_LIMITED' })
    blog.communication.relate(viewer, friend, relationship)
    await blog.ask(friend, `mutation { deletePost(input: { postId: "${deleted}" }) { __typename } }`)
    for (const who of [viewer, other]) {
      const next = await blog.publish(author)
      expect(await change(who, HIDE, next)).toMatchObject({ post: { isHidden: true } })
      expect(await change(who, HIDE, await blog.publish(author))).toMatchObject({ code: 'RATE_LIMITED' })
      const { rowCount } = await blog.sql.query('SELECT FROM hidden_post WHERE user_id = $1', [who])
      expect(rowCount).toBe(MAX_HIDDEN)
    }
  })

  it('is in a list of hidden posts, the ones hidden last first, as long as the viewer may see it', async () => {
    const friend = newId()
    blog.communication.befriend(author, friend)
    const posts: string[] = []
    for (const audience of ['PUBLIC', 'FRIENDS', 'PUBLIC', 'FRIENDS', 'PUBLIC'])
      posts.push(await blog.publish(author, { audience }))
    const [a = '', b = '', c = '', d = '', e = ''] = posts
    for (const id of [c, a, d, b, e]) await change(friend, HIDE, id)
    await blog.sql.query(
      `UPDATE hidden_post SET hidden_at = timestamptz '2026-01-01' + array_position($2::uuid[], post_id) * interval '1 s'
       WHERE user_id = $1`,
      [friend, [c, a, d, b, e]],
    )
    for (const first of [1, 2, 100]) expect(await hiddenIds(friend, first)).toEqual([e, b, d, a, c])
    expect([await hiddenIds(newId()), await hiddenIds(null)]).toEqual([[], []])
    await change(friend, UNHIDE, b)
    blog.communication.relate(friend, author, 'NONE')
    for (const first of [1, 2, 100]) expect(await hiddenIds(friend, first)).toEqual([e, a, c])
    await blog.ask(author, `mutation { deletePost(input: { postId: "${a}" }) { __typename } }`)
    expect(await hiddenIds(friend)).toEqual([e, c])
  })

  it('is listed with two statements for a page of any size, and refuses cursors of other lists', async () => {
    const viewer = newId()
    for (let n = 0; n < 5; n++) await change(viewer, HIDE, await blog.publish(author))
    for (const first of [1, 3]) {
      const query = `{ hiddenPosts(first: ${first}) { edges { node { id } } } }`
      const statements = await statementsOf(() => blog.ask(viewer, query))
      expect(statements).toHaveLength(2)
      const [list] = statements
      if (list) expect(tablesScanned(await planOf(blog.sql, list))).toEqual([])
    }
    const { moblog } = await blog.ask<{ moblog: { posts: { edges: { cursor: string }[] } } }>(
      null,
      `{ moblog(id: "${author}") { posts(first: 1) { edges { cursor } } } }`,
    )
    const cursor = moblog.posts.edges[0]?.cursor
    await expect(
      blog.ask(viewer, `{ hiddenPosts(after: "${cursor}") { edges { cursor } } }`),
    ).rejects.toThrow('cursor')
  })

  it('takes no additional statement in a page, and one for the whole page to tell what is hidden', async () => {
    const counts: number[] = []
    for (const [fields, first] of [
      ['id', 1],
      ['id', 5],
      ['isHidden', 1],
      ['isHidden', 5],
    ] as const) {
      const query = `{ moblog(id: "${author}") { posts(first: ${first}) { edges { node { ${fields} } } } } }`
      counts.push((await statementsOf(() => blog.ask(newId(), query))).length)
    }
    expect(counts).toEqual([1, 1, 2, 2])
  })
})
