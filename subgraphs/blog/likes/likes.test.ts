import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

type Result = { __typename: string; code?: string; post?: { likeCount: number; likedByViewer: boolean } }

const mutation = (name: string, payload: string) => `mutation ($postId: ID!) {
  ${name}(input: { postId: $postId }) {
    __typename
    ... on ${payload} { post { likeCount likedByViewer } }
    ... on Failure { code }
  }
}`
const LIKE = mutation('likePost', 'LikePostPayload')
const UNLIKE = mutation('unlikePost', 'UnlikePostPayload')
const DELETE = 'mutation ($postId: ID!) { deletePost(input: { postId: $postId }) { __typename } }'

let blog: BlogUnderTest
let postId: string
const author = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())
beforeEach(async () => {
  postId = await blog.publish(author)
})

async function change(viewerId: string | null, operation: string, id = postId): Promise<Result | undefined> {
  return Object.values(await blog.ask<Record<string, Result>>(viewerId, operation, { postId: id }))[0]
}

const seenBy = async (viewerId: string | null) => {
  const { post } = await blog.ask<{ post: object }>(
    viewerId,
    `{ post(id: "${postId}") { likeCount likedByViewer } }`,
  )
  return post
}

describe('likes', () => {
  it('count once for each user, and can be withdrawn once', async () => {
    const [one, other] = [newId(), newId()]
    expect(await change(one, LIKE)).toMatchObject({ post: { likeCount: 1, likedByViewer: true } })
    expect(await change(one, LIKE)).toMatchObject({ post: { likeCount: 1, likedByViewer: true } })
    expect(await change(other, LIKE)).toMatchObject({ post: { likeCount: 2 } })
    expect(await seenBy(null)).toEqual({ likeCount: 2, likedByViewer: false })
    expect(await change(one, UNLIKE)).toMatchObject({ post: { likeCount: 1, likedByViewer: false } })
    expect(await change(one, UNLIKE)).toMatchObject({ post: { likeCount: 1, likedByViewer: false } })
    expect(await seenBy(other)).toEqual({ likeCount: 1, likedByViewer: true })
  })

  it('are counted correctly if many arrive at the same time, some repeated and some withdrawn', async () => {
    const users = Array.from({ length: 24 }, newId)
    await Promise.all([...users, ...users.slice(0, 12)].map((user) => change(user, LIKE)))
    expect(await seenBy(null)).toMatchObject({ likeCount: 24 })
    await Promise.all(
      users.flatMap((user, index) => (index % 2 ? [change(user, UNLIKE), change(user, UNLIKE)] : [])),
    )
    expect(await seenBy(null)).toMatchObject({ likeCount: 12 })
  })

  it('do not block the deletion of the post', async () => {
    const users = Array.from({ length: 12 }, newId)
    await Promise.all(users.map((user) => change(user, LIKE)))
    const results = await Promise.all([
      ...users.flatMap((user) => [change(user, UNLIKE), change(newId(), LIKE)]),
      change(author, DELETE),
    ])
    expect(results.at(-1)).toEqual({ __typename: 'DeletePostPayload' })
    expect(results.every((result) => result?.post || result?.code === 'NOT_FOUND' || !result?.code)).toBe(
      true,
    )
    expect((await blog.sql.query('SELECT FROM post_like WHERE post_id = $1', [postId])).rowCount).toBe(0)
  })

  it('are refused from signed-out users, and on posts that the user may not see', async () => {
    const hidden = await blog.publish(author, { audience: 'FRIENDS' })
    expect(await change(null, LIKE)).toMatchObject({ __typename: 'RequestFailed', code: 'NOT_ALLOWED' })
    expect(await change(newId(), LIKE, 'x')).toMatchObject({ __typename: 'InvalidInput' })
    for (const id of [hidden, newId()]) {
      expect(await change(newId(), LIKE, id)).toMatchObject({
        __typename: 'RequestFailed',
        code: 'NOT_FOUND',
      })
      expect(await change(newId(), UNLIKE, id)).toMatchObject({
        __typename: 'RequestFailed',
        code: 'NOT_FOUND',
      })
    }
  })
})
