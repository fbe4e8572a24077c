import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'

type Shown = { likeCount: number; likedByViewer: boolean }
type Result = { __typename: string; code?: string; comment?: Shown | null }

const mutation = (name: string, payload: string) => `mutation ($commentId: ID!) {
  ${name}(input: { commentId: $commentId }) {
    __typename
    ... on ${payload} { comment { likeCount likedByViewer } }
    ... on Failure { code }
  }
}`
const LIKE = mutation('likeComment', 'LikeCommentPayload')
const UNLIKE = mutation('unlikeComment', 'UnlikeCommentPayload')

let blog: BlogUnderTest
let author: string
let friend: string
let postId: string
let commentId: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())
beforeEach(async () => {
  author = newId()
  friend = newId()
  blog.communication.befriend(author, friend)
  postId = await blog.publish(author, { audience: 'FRIENDS' })
  commentId = await comment(friend)
})

async function comment(viewerId: string): Promise<string> {
  const { commentOnPost } = await blog.ask<{ commentOnPost: { comment: { id: string } } }>(
    viewerId,
    `mutation { commentOnPost(input: { postId: "${postId}", text: "Hm" }) {
      ... on CommentOnPostPayload { comment { id } }
    } }`,
  )
  return commentOnPost.comment.id
}

async function change(viewerId: string | null, operation: string, id = commentId): Promise<Result> {
  const [result] = Object.values(
    await blog.ask<Record<string, Result>>(viewerId, operation, { commentId: id }),
  )
  return result ?? { __typename: 'nothing' }
}

const friends = (count: number) =>
  Array.from({ length: count }, () => {
    const user = newId()
    blog.communication.befriend(author, user)
    return user
  })

describe('likes of a comment', () => {
  it('count once for each user, and can be withdrawn once', async () => {
    expect(await change(author, LIKE)).toMatchObject({ comment: { likeCount: 1, likedByViewer: true } })
    expect(await change(author, LIKE)).toMatchObject({ comment: { likeCount: 1, likedByViewer: true } })
    expect(await change(friend, LIKE)).toMatchObject({ comment: { likeCount: 2 } })
    expect(await change(author, UNLIKE)).toMatchObject({ comment: { likeCount: 1, likedByViewer: false } })
    expect(await change(author, UNLIKE)).toMatchObject({ comment: { likeCount: 1, likedByViewer: false } })
  })

  it('are counted correctly if many arrive at the same time, some repeated and some withdrawn', async () => {
    const users = friends(16)
    await Promise.all([...users, ...users.slice(0, 8)].map((user) => change(user, LIKE)))
    await Promise.all(users.slice(0, 4).flatMap((user) => [change(user, UNLIKE), change(user, UNLIKE)]))
    expect(await change(author, UNLIKE)).toMatchObject({ comment: { likeCount: 12 } })
  })

  it('are deleted with the comment and with the post, also if more arrive at the same time', async () => {
    const users = friends(8)
    await Promise.all(users.map((user) => change(user, LIKE)))
    const remove = `mutation { deleteComment(input: { commentId: "${commentId}" }) { __typename } }`
    await Promise.all([
      blog.ask(friend, remove),
      ...friends(8).map((user) => change(user, LIKE)),
      ...users.map((user) => change(user, UNLIKE)),
    ])
    const left = () => blog.sql.query('SELECT FROM comment_like WHERE comment_id = $1', [commentId])
    expect((await left()).rowCount).toBe(0)
    expect(await change(author, LIKE)).toMatchObject({ code: 'NOT_FOUND' })

    commentId = await comment(friend)
    await change(author, LIKE)
    await Promise.all([
      blog.ask(author, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`),
      ...users.map((user) => change(user, LIKE)),
    ])
    expect((await left()).rowCount).toBe(0)
  })

  it('are refused from signed-out users, and on comments that the user may not see', async () => {
    expect(await change(null, LIKE)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await change(null, UNLIKE)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await change(author, LIKE, 'x')).toMatchObject({ __typename: 'InvalidInput' })
    const [blocked = ''] = friends(1)
    blog.communication.relate(blocked, friend, 'INVISIBLE')
    for (const [user, id] of [
      [newId(), commentId],
      [blocked, commentId],
      [author, newId()],
    ] as const) {
      for (const operation of [LIKE, UNLIKE]) {
        expect(await change(user, operation, id)).toMatchObject({ code: 'NOT_FOUND' })
      }
    }
  })

  it('can be withdrawn by users who may no longer see the comment', async () => {
    const [former = ''] = friends(1)
    await change(former, LIKE)
    blog.communication.relate(former, author, 'NONE')
    for (const _ of Array(2)) expect(await change(former, UNLIKE)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await change(author, UNLIKE)).toMatchObject({ comment: { likeCount: 0 } })
  })

  it('take one statement for all comments of a page', async () => {
    for (let index = 0; index < 8; index++) await comment(friend)
    const counts: number[] = []
    for (const first of [1, 9]) {
      const query = `{ post(id: "${postId}") { comments(first: ${first}) { edges { node {
        likeCount likedByViewer
      } } } } }`
      counts.push((await statementsOf(() => blog.ask(author, query))).length)
    }
    expect(counts).toEqual([3, 3])
  })
})
