import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'

type Page = {
  edges: { node: { id: string } | null }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const LIKES = `query ($id: ID!, $first: Int, $after: String) {
  post(id: $id) { likes(first: $first, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor }
  } }
}`

let blog: BlogUnderTest
const author = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())

const like = (userId: string, postId: string, verb = 'likePost') =>
  blog.ask(userId, `mutation { ${verb}(input: { postId: "${postId}" }) { __typename } }`)

async function read(
  viewerId: string | null,
  id: string,
  first = 20,
  after: string | null = null,
): Promise<Page> {
  return (await blog.ask<{ post: { likes: Page } }>(viewerId, LIKES, { id, first, after })).post.likes
}
const idsOf = ({ edges }: Page) => edges.map(({ node }) => node?.id)

describe('the users who like a post', () => {
  it('are listed newest like first, without withdrawn likes, and a repeated like keeps its place', async () => {
    const postId = await blog.publish(author)
    const [ann = '', bob = '', cat = ''] = [newId(), newId(), newId()]
    for (const user of [ann, bob, cat]) await like(user, postId)
    await like(bob, postId, 'unlikePost')
    expect(idsOf(await read(null, postId))).toEqual([cat, ann])
    await like(bob, postId)
    expect(idsOf(await read(author, postId))).toEqual([cat, bob, ann])
  })

  it('are paged without gaps, also if many like it at the same instant', async () => {
    const postId = await blog.publish(author)
    const users = Array.from({ length: 25 }, newId)
    await Promise.all(users.map((user) => like(user, postId)))
    await blog.sql.query(
      `UPDATE post_like SET created_at = date_trunc('hour', created_at) WHERE post_id = $1`,
      [postId],
    )
    const seen: (string | undefined)[] = []
    for (let after: string | null = null; ; ) {
      const page = await read(author, postId, 7, after)
      seen.push(...idsOf(page))
      after = page.pageInfo.endCursor
      if (!page.pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(users.toSorted())
  })

  it('do not include users who do not exist for the viewer, and pages are still full', async () => {
    const postId = await blog.publish(author)
    const viewer = newId()
    const users = Array.from({ length: 9 }, newId)
    for (const user of users) await like(user, postId)
    for (const user of users.slice(3)) blog.communication.relate(viewer, user, 'INVISIBLE')
    const page = await read(viewer, postId, 2)
    expect([idsOf(page), page.pageInfo.hasNextPage]).toEqual([[users[2], users[1]], true])
    expect(idsOf(await read(viewer, postId, 2, page.pageInfo.endCursor))).toEqual([users[0]])
  })

  it('cannot be paged with a cursor of another post or of no list', async () => {
    const [one, other] = [await blog.publish(author), await blog.publish(author)]
    await like(newId(), one)
    const { endCursor } = (await read(null, one)).pageInfo
    const forged = Buffer.from(JSON.stringify([`likes/${one.slice(-12)}`, '2026-02-31x', 'x'])).toString(
      'base64url',
    )
    const refused = { extensions: { code: 'BAD_USER_INPUT' } }
    await expect(read(null, other, 5, endCursor)).rejects.toMatchObject(refused)
    await expect(read(null, one, 5, forged)).rejects.toMatchObject(refused)
  })

  it('take one statement for all posts of a page', async () => {
    const moblog = newId()
    for (let index = 0; index < 10; index++) await like(newId(), await blog.publish(moblog))
    const counts: number[] = []
    for (const first of [1, 10]) {
      const query = `{ moblog(id: "${moblog}") { posts(first: ${first}) { edges { node {
        likes(first: 5) { edges { node { id } } }
      } } } } }`
      counts.push((await statementsOf(() => blog.ask(newId(), query))).length)
    }
    expect(counts).toEqual([2, 2])
  })
})
