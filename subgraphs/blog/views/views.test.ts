import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'

type Page = {
  edges: { viewedAt: string; node: { id: string } | null }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
type Result = { __typename: string; code?: string; field?: string; posts?: { viewCount: number }[] }

const VIEW = `mutation ($postIds: [ID!]!) {
  viewPosts(input: { postIds: $postIds }) {
    __typename
    ... on ViewPostsPayload { posts { id viewCount } }
    ... on Failure { code }
    ... on InvalidInput { field }
  }
}`
const POST = `query ($id: ID!, $first: Int, $after: String) {
  post(id: $id) { viewCount viewers(first: $first, after: $after) {
    edges { viewedAt node { id } } pageInfo { hasNextPage endCursor }
  } }
}`

let blog: BlogUnderTest
let author: string
let friends: string[]
let postId: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())
beforeEach(async () => {
  author = newId()
  friends = Array.from({ length: 3 }, newId)
  for (const friend of friends) blog.communication.befriend(author, friend)
  postId = await blog.publish(author, { audience: 'FRIENDS' })
})

const view = async (viewerId: string | null, ...postIds: string[]) =>
  (await blog.ask<{ viewPosts: Result }>(viewerId, VIEW, { postIds })).viewPosts

async function read(viewerId: string | null, first = 20, after: string | null = null) {
  const variables = { id: postId, first, after }
  const { post } = await blog.ask<{ post: { viewCount: number; viewers: Page | null } }>(
    viewerId,
    POST,
    variables,
  )
  return post
}
const idsOf = (page: Page | null) => page?.edges.map(({ node }) => node?.id)

const receipts = async (viewerId: string | null, enabled: boolean) =>
  (
    await blog.ask<{ updateReadReceipts: { code?: string; readReceipts?: boolean } }>(
      viewerId,
      `mutation { updateReadReceipts(input: { enabled: ${enabled} }) {
        ... on UpdateReadReceiptsPayload { readReceipts } ... on Failure { code }
      } }`,
    )
  ).updateReadReceipts
const own = async (viewerId: string | null) =>
  (await blog.ask<{ readReceipts: boolean | null }>(viewerId, '{ readReceipts }')).readReceipts

const show = (audience: string) =>
  blog.ask(author, 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }', {
    input: { postId, audience },
  })

describe('views of a post', () => {
  it('count once for each user, and not for its author', async () => {
    const [ann = '', bob = ''] = friends
    expect((await view(ann, postId, postId)).posts).toEqual([{ id: postId, viewCount: 1 }])
    expect((await view(ann, postId)).posts).toEqual([{ id: postId, viewCount: 1 }])
    expect((await view(author, postId)).posts).toEqual([{ id: postId, viewCount: 1 }])
    expect((await view(bob, postId)).posts).toEqual([{ id: postId, viewCount: 2 }])
    expect((await read(ann)).viewCount).toBe(2)
  })

  it('are counted correctly if many arrive at the same time, in any order', async () => {
    const posts = [postId]
    for (let index = 0; index < 4; index++) posts.push(await blog.publish(author))
    const users = Array.from({ length: 12 }, newId)
    for (const user of users) blog.communication.befriend(author, user)
    await Promise.all(
      users.flatMap((user) => [view(user, ...posts), view(user, ...posts.toReversed()), view(user, postId)]),
    )
    const counts = (await view(author, ...posts)).posts?.map(({ viewCount }) => viewCount)
    expect(counts).toEqual(Array(5).fill(12))
  })

  it('skip posts that the user may not see or that do not exist', async () => {
    const secret = await blog.publish(author, { audience: 'ONLY_ME' })
    const [ann = ''] = friends
    const { posts } = await view(ann, secret, newId(), postId)
    expect(posts).toEqual([{ id: postId, viewCount: 1 }])
    expect((await view(ann)).posts).toEqual([])
  })

  it('do not block the deletion of the post', async () => {
    await view(friends[0] ?? '', postId)
    await Promise.all([
      ...friends.map((friend) => view(friend, postId)),
      blog.ask(author, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`),
    ])
    for (const table of ['post_view', 'post_view_total']) {
      const { rowCount } = await blog.sql.query(`SELECT FROM ${table} WHERE post_id = $1`, [postId])
      expect({ table, rowCount }).toEqual({ table, rowCount: 0 })
    }
  })

  it('are refused from signed-out users, for malformed ids and for more than 100 posts', async () => {
    expect(await view(null, postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await view(author, 'x')).toMatchObject({ code: 'INVALID_INPUT', field: 'input.postIds' })
    const ids = Array.from({ length: 101 }, newId)
    expect(await view(author, ...ids)).toMatchObject({ code: 'INVALID_INPUT', field: 'input.postIds' })
    expect(await view(author, ...ids.slice(1))).toMatchObject({ posts: [] })
  })

  it('take as many statements for a hundred posts as for one', async () => {
    const posts = Array.from({ length: 99 }, newId)
    const counts: number[] = []
    for (const ids of [[postId], [postId, ...posts]]) {
      counts.push((await statementsOf(() => view(friends[0] ?? '', ...ids))).length)
    }
    expect(counts).toEqual([3, 3])
  })
})

describe('the viewers of a post', () => {
  it('are shown to its author, newest view first, and to nobody else', async () => {
    for (const friend of friends) {
      await view(friend, postId)
      // Times are stored in milliseconds, and a view may take less.
      await sleep(2)
    }
    const { viewers } = await read(author, 2)
    expect([idsOf(viewers), viewers?.pageInfo.hasNextPage]).toEqual([[friends[2], friends[1]], true])
    expect(idsOf((await read(author, 2, viewers?.pageInfo.endCursor)).viewers)).toEqual([friends[0]])
    expect((await read(friends[0] ?? '')).viewers).toBeNull()
  })

  it('are not shown while the post is public, and later only those who viewed it while it was not', async () => {
    const [ann = '', bob = ''] = friends
    await view(ann, postId)
    await show('PUBLIC')
    await view(bob, postId)
    expect(await read(author)).toMatchObject({ viewCount: 2, viewers: null })
    expect((await read(null)).viewers).toBeNull()
    await show('FRIENDS')
    expect(idsOf((await read(author)).viewers)).toEqual([ann])
  })

  it('do not include users who do not exist for the author', async () => {
    const [ann = '', bob = ''] = friends
    for (const friend of [ann, bob]) await view(friend, postId)
    blog.communication.relate(author, ann, 'BLOCKED')
    expect(idsOf((await read(author)).viewers)).toEqual([bob])
  })

  it('take as many statements for many posts as for one', async () => {
    for (let index = 0; index < 5; index++) await blog.publish(author, { audience: 'FRIENDS' })
    const counts: number[] = []
    for (const first of [1, 6]) {
      const query = `{ moblog(id: "${author}") { posts(first: ${first}) { edges { node {
        viewCount viewers(first: 3) { edges { node { id } } }
      } } } } }`
      counts.push((await statementsOf(() => blog.ask(author, query))).length)
    }
    expect(new Set(counts).size).toBe(1)
    expect(counts[0]).toBeLessThanOrEqual(4)
  })
})

describe('read receipts', () => {
  it('are on at first, can be turned off and on, and belong to signed-in users', async () => {
    const [ann = ''] = friends
    expect([await own(ann), await own(null)]).toEqual([true, null])
    for (const enabled of [false, false, true, true]) {
      expect(await receipts(ann, enabled)).toEqual({ readReceipts: enabled })
      expect(await own(ann)).toBe(enabled)
    }
    expect(await receipts(null, false)).toEqual({ code: 'NOT_ALLOWED' })
  })

  it("that are off hide the user's views by name in both directions, and never reveal views of that time", async () => {
    const [ann = '', bob = '', cat = ''] = friends
    await view(ann, postId)
    await receipts(ann, false)
    await receipts(bob, false)
    await view(bob, postId)
    await view(cat, postId)
    expect(await read(author)).toMatchObject({ viewCount: 2 })
    expect(idsOf((await read(author)).viewers)).toEqual([cat])
    for (const user of [ann, bob]) await receipts(user, true)
    expect(idsOf((await read(author)).viewers)).toEqual([cat, ann])
    await receipts(author, false)
    expect(await read(author)).toMatchObject({ viewCount: 2, viewers: null })
    await receipts(author, true)
    expect(idsOf((await read(author)).viewers)).toEqual([cat, ann])
  })

  it('that are off do not keep a view of a public post from being counted', async () => {
    const [ann = ''] = friends
    await show('PUBLIC')
    await receipts(ann, false)
    await view(ann, postId)
    expect(await read(author)).toMatchObject({ viewCount: 1, viewers: null })
  })
})
