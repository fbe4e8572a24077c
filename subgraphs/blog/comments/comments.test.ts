import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

type Comment = { id: string; text: string; author: { id: string }; post: { commentCount: number } | null }
type Result = {
  __typename: string
  comment?: Comment
  post?: { commentCount: number }
  code?: string
  field?: string
}
type Comments = { edges: { node: Comment }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
type Post = { commentCount: number; comments: Comments }

const COMMENT = `mutation ($input: CommentOnPostInput!) {
  commentOnPost(input: $input) {
    __typename
    ... on CommentOnPostPayload { comment { id text author { id } post { commentCount } } }
    ... on Failure { code }
    ... on InvalidInput { field }
  }
}`
const DELETE = `mutation ($commentId: ID!) {
  deleteComment(input: { commentId: $commentId }) {
    __typename
    ... on DeleteCommentPayload { commentId post { commentCount } }
    ... on Failure { code }
  }
}`
const POST = `query ($id: ID!, $first: Int, $after: String) {
  post(id: $id) { commentCount comments(first: $first, after: $after) {
    edges { node { id text author { id } post { commentCount } } } pageInfo { hasNextPage endCursor }
  } }
}`

let blog: BlogUnderTest
let author: string
let friend: string
let postId: string

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())
beforeEach(async () => {
  author = newId()
  friend = newId()
  blog.communication.befriend(author, friend)
  postId = await blog.publish(author, { audience: 'FRIENDS' })
})

it('an author can delete a comment on a post that they may no longer see, and gets NOT_FOUND as a stranger does', async () => {
  const { comment: made } = await comment(friend, 'I was here')
  const stranger = newId()
  blog.communication.relate(friend, author, 'NONE')
  const remove = (viewerId: string) =>
    blog.ask<{ deleteComment: Result }>(viewerId, DELETE, { commentId: made?.id })
  expect((await remove(stranger)).deleteComment).toMatchObject({ code: 'NOT_FOUND' })
  const count = () => blog.ask<{ post: Post }>(author, POST, { id: postId })
  expect((await count()).post).toMatchObject({ commentCount: 1 })
  for (const _ of Array(2)) expect((await remove(friend)).deleteComment).toMatchObject({ code: 'NOT_FOUND' })
  const { post } = await count()
  expect(post).toMatchObject({ commentCount: 0, comments: { edges: [] } })
})

it('a client mutation id counts for its post only, so it does not tell a hidden post from a deleted one', async () => {
  const [own, again] = [await blog.publish(friend), { clientMutationId: newId() }]
  const onOwn = () => comment(friend, 'mine', { ...again, postId: own })
  await comment(friend, 'theirs', again)
  blog.communication.relate(friend, author, 'INVISIBLE')
  const added = await onOwn()
  expect(added).toMatchObject({ comment: { text: 'mine', post: { commentCount: 1 } } })
  expect(await onOwn()).toEqual(added)
  expect(await comment(friend, 'theirs', again)).toMatchObject({ code: 'NOT_FOUND' })
  blog.communication.befriend(author, friend)
  expect(await comment(friend, 'theirs', again)).toMatchObject({ comment: { text: 'theirs' } })
  expect(await read(author)).toMatchObject({ commentCount: 1 })
})

async function comment(
  viewerId: string | null,
  text: string,
  more: Record<string, unknown> = {},
): Promise<Result> {
  const input = { postId, text, ...more }
  return (await blog.ask<{ commentOnPost: Result }>(viewerId, COMMENT, { input })).commentOnPost
}

async function remove(viewerId: string | null, commentId = ''): Promise<Result> {
  return (await blog.ask<{ deleteComment: Result }>(viewerId, DELETE, { commentId })).deleteComment
}

async function read(viewerId: string, first = 100, after: string | null = null): Promise<Post> {
  return (await blog.ask<{ post: Post }>(viewerId, POST, { id: postId, first, after })).post
}

const texts = ({ comments }: Post) => comments.edges.map(({ node }) => node.text)

describe('comments', () => {
  it('are listed oldest first and counted for every viewer who may see the post', async () => {
    expect(await comment(friend, 'one\r\n')).toMatchObject({
      __typename: 'CommentOnPostPayload',
      comment: { text: 'one', author: { id: friend }, post: { commentCount: 1 } },
    })
    await comment(author, 'two')
    const post = await read(friend)
    expect([post.commentCount, texts(post)]).toEqual([2, ['one', 'two']])
  })

  it('are refused from users who are signed out or may not see the post', async () => {
    expect(await comment(null, 'x')).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await comment(newId(), 'x')).toMatchObject({ code: 'NOT_FOUND' })
    expect(await comment(friend, 'x', { postId: newId() })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await comment(friend, 'x', { postId: 'x' })).toMatchObject({ field: 'input.postId' })
  })

  it.each([
    ['an empty text', ' \u200b', {}, 'input.text'],
    ['a text of more than 2,000 characters', 'x'.repeat(2_001), {}, 'input.text'],
    ['an invalid client mutation id', 'x', { clientMutationId: '' }, 'input.clientMutationId'],
  ])('are refused with %s', async (_what, text, more, field) => {
    expect(await comment(friend, text, more)).toMatchObject({ __typename: 'InvalidInput', field })
  })

  it('are created once for each client mutation id, even if the requests arrive at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, () => comment(friend, 'once', { clientMutationId: postId })),
    )
    expect(new Set(results.map((result) => result.comment?.id)).size).toBe(1)
    expect(await read(friend)).toMatchObject({ commentCount: 1 })
  })

  it('are counted correctly and paged without gaps if many arrive at the same time', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, index) => comment(friend, `${index}`)))
    const seen: string[] = []
    let after: string | null = null
    do {
      const page = await read(author, 7, after)
      seen.push(...texts(page))
      after = page.comments.pageInfo.hasNextPage ? page.comments.pageInfo.endCursor : null
    } while (after)
    expect(seen.toSorted((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 25 }, (_, index) => `${index}`),
    )
    expect(await read(author)).toMatchObject({ commentCount: 25 })
  })

  it('by users who are invisible to the viewer are left out and not counted, and pages are still full', async () => {
    const [blocked, other] = [newId(), newId()]
    for (const user of [blocked, other]) blog.communication.befriend(author, user)
    blog.communication.relate(friend, blocked, 'INVISIBLE')
    for (let index = 0; index < 12; index++) await comment(index % 3 ? blocked : other, `${index}`)
    const page = await read(friend, 3)
    expect(texts(page)).toEqual(['0', '3', '6'])
    const rest = await read(friend, 3, page.comments.pageInfo.endCursor)
    expect([texts(rest), rest.comments.pageInfo.hasNextPage]).toEqual([['9'], false])
    expect([page.commentCount, (await read(author)).commentCount]).toEqual([4, 12])
    const { comment: hidden } = await comment(blocked, 'hidden')
    expect(await remove(friend, hidden?.id)).toMatchObject({ code: 'NOT_FOUND' })
    await remove(blocked, hidden?.id)
    expect([(await read(friend)).commentCount, (await read(author)).commentCount]).toEqual([4, 12])
  })

  it("cannot be paged with another post's cursor", async () => {
    await comment(friend, 'one')
    const { comments } = await read(friend)
    postId = await blog.publish(author, { audience: 'FRIENDS' })
    await expect(read(friend, 1, comments.pageInfo.endCursor)).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})

describe('deleting a comment', () => {
  it('is allowed for the author of the comment and the author of the post only', async () => {
    const other = newId()
    blog.communication.befriend(author, other)
    const [own, foreign] = [await comment(friend, 'mine'), await comment(friend, 'yours')]
    expect(await remove(null, own.comment?.id)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await remove(other, own.comment?.id)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await remove(newId(), own.comment?.id)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await remove(friend, 'x')).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await remove(friend, own.comment?.id)).toMatchObject({ post: { commentCount: 1 } })
    expect(await remove(author, foreign.comment?.id)).toMatchObject({ post: { commentCount: 0 } })
    expect(await remove(author, foreign.comment?.id)).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('reduces the count once if several requests arrive at the same time', async () => {
    const { comment: one } = await comment(friend, 'one')
    await comment(friend, 'two')
    const results = await Promise.all(Array.from({ length: 6 }, () => remove(friend, one?.id)))
    expect(results.some(({ __typename }) => __typename === 'DeleteCommentPayload')).toBe(true)
    expect(await read(friend)).toMatchObject({ commentCount: 1 })
  })

  it.each(['its author', 'the author of the post'])(
    'by %s is permanent: a late retry of the request that created it gets CONFLICT',
    async (who) => {
      const again = { clientMutationId: newId() }
      const { comment: made } = await comment(friend, 'secret', again)
      await comment(friend, 'other')
      await remove(who === 'its author' ? friend : author, made?.id)
      const results = await Promise.all(Array.from({ length: 3 }, () => comment(friend, 'secret', again)))
      for (const result of results) {
        expect(result).toMatchObject({ __typename: 'RequestFailed', code: 'CONFLICT' })
      }
      const post = await read(friend)
      expect([post.commentCount, texts(post)]).toEqual([1, ['other']])
      expect(await remove(friend, made?.id)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await comment(author, 'mine', again)).toMatchObject({ __typename: 'CommentOnPostPayload' })
    },
  )

  it('keeps the comment deleted if retries of the request that created it arrive at the same time', async () => {
    const again = { clientMutationId: newId() }
    const { comment: made } = await comment(friend, 'once', again)
    await Promise.all([
      remove(friend, made?.id),
      ...Array.from({ length: 8 }, () => comment(friend, 'once', again)),
    ])
    expect(await comment(friend, 'once', again)).toMatchObject({ code: 'CONFLICT' })
    const post = await read(friend)
    expect([post.commentCount, texts(post)]).toEqual([0, []])
  })

  it('removes the text at once and the row after a week', async () => {
    const again = { clientMutationId: newId() }
    const { comment: made } = await comment(friend, 'secret', again)
    await remove(friend, made?.id)
    const left = async () => (await blog.sql.query('SELECT text FROM comment WHERE id = $1', [made?.id])).rows
    expect(await left()).toEqual([{ text: '' }])
    await blog.sql.query(`UPDATE comment SET deleted_at = now() - interval '8 days' WHERE id = $1`, [
      made?.id,
    ])
    await blog.startAnother()
    await eventually(async () => expect(await left()).toEqual([]), 15_000)
    expect(await comment(friend, 'new', again)).toMatchObject({ comment: { text: 'new' } })
  })

  it('happens to all comments on a post when the post is deleted', async () => {
    await comment(friend, 'one')
    await Promise.all([
      blog.ask(author, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`),
      ...Array.from({ length: 5 }, () => comment(friend, 'late')),
    ])
    const { rows } = await blog.sql.query('SELECT count(*)::int FROM comment WHERE post_id = $1', [postId])
    expect(rows).toEqual([{ count: 0 }])
  })
})
