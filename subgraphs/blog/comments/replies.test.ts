import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'
import { eventually } from '../../../testing/eventually.ts'

type Page = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
type Shown = { id: string; text: string; replyTo: { id: string } | null; replies: Page }
type Result = { __typename: string; code?: string; field?: string; comment?: Shown }

const COMMENT = `mutation ($input: CommentOnPostInput!) {
  commentOnPost(input: $input) {
    __typename
    ... on CommentOnPostPayload { comment { id text replyTo { id } } }
    ... on Failure { code }
    ... on InvalidInput { field }
  }
}`
const POST = `query ($id: ID!, $comments: Int, $first: Int, $after: String) {
  post(id: $id) { commentCount comments(first: $comments) { edges { node {
    id text replyTo { id }
    replies(first: $first, after: $after) { edges { node { id text } } pageInfo { hasNextPage endCursor } }
  } } } }
}`

let blog: BlogUnderTest
let author: string
let friend: string
let postId: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())
beforeEach(async () => {
  author = newId()
  friend = newId()
  blog.communication.befriend(author, friend)
  postId = await blog.publish(author, { audience: 'FRIENDS' })
})

async function comment(viewerId: string, text: string, more: object = {}): Promise<Result> {
  const input = { postId, text, ...more }
  return (await blog.ask<{ commentOnPost: Result }>(viewerId, COMMENT, { input })).commentOnPost
}
const idOf = ({ comment: made }: Result) => made?.id ?? ''
const reply = (viewerId: string, text: string, to: Result) => comment(viewerId, text, { replyToId: idOf(to) })
const remove = (viewerId: string, id: string) =>
  blog.ask(viewerId, `mutation { deleteComment(input: { commentId: "${id}" }) { __typename } }`)

type Args = { comments?: number; first?: number; after?: string | null }
async function read(viewerId: string, { comments = 100, first = 20, after = null }: Args = {}) {
  const { post } = await blog.ask<{ post: { commentCount: number; comments: Page } }>(viewerId, POST, {
    id: postId,
    comments,
    first,
    after,
  })
  const shown = post.comments.edges.map(({ node }) => node)
  return { count: post.commentCount, shown, of: (text: string) => shown.find((each) => each.text === text) }
}
const texts = (page: Page | undefined) => page?.edges.map(({ node }) => node.text)

describe('a reply', () => {
  it('is a comment of the post that is also listed below the comment that it replies to', async () => {
    const top = await comment(friend, 'top')
    await comment(author, 'other')
    const answer = await reply(author, 'answer', top)
    expect(answer).toMatchObject({ comment: { text: 'answer', replyTo: { id: idOf(top) } } })
    const { count, shown, of } = await read(friend)
    expect([count, shown.map(({ text }) => text)]).toEqual([3, ['top', 'other', 'answer']])
    expect(shown.map(({ replies }) => texts(replies))).toEqual([['answer'], [], []])
    expect(of('answer')?.replyTo).toEqual({ id: idOf(top) })
  })

  it('to a reply is listed below the comment that the latter replies to', async () => {
    const top = await comment(friend, 'top')
    const nested = await reply(friend, 'third', await reply(author, 'second', top))
    expect(nested).toMatchObject({ comment: { replyTo: { id: idOf(top) } } })
    expect(texts((await read(author)).of('top')?.replies)).toEqual(['second', 'third'])
  })

  it('stays when the comment that it replies to is deleted, and can then be replied to itself', async () => {
    const top = await comment(friend, 'top')
    const answer = await reply(author, 'answer', top)
    await remove(friend, idOf(top))
    const { count, of } = await read(friend)
    expect([count, of('answer')?.replyTo]).toEqual([1, null])
    await reply(friend, 'again', answer)
    expect(texts((await read(friend)).of('answer')?.replies)).toEqual(['again'])
  })

  it('is deleted like any comment', async () => {
    const top = await comment(friend, 'top')
    const answer = await reply(author, 'answer', top)
    await remove(author, idOf(answer))
    const { count, of } = await read(friend)
    expect([count, texts(of('top')?.replies)]).toEqual([1, []])
  })

  it('is refused to a comment on another post, a deleted comment, and a comment that the user may not see', async () => {
    const blocked = newId()
    blog.communication.befriend(author, blocked)
    blog.communication.relate(friend, blocked, 'INVISIBLE')
    const [hidden, deleted] = [await comment(blocked, 'hidden'), await comment(author, 'deleted')]
    await remove(author, idOf(deleted))
    const other = await comment(friend, 'elsewhere', { postId: await blog.publish(author) })
    for (const to of [hidden, deleted, other]) {
      expect(await reply(friend, 'answer', to)).toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await comment(friend, 'answer', { replyToId: newId() })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await comment(friend, 'answer', { replyToId: 'x' })).toMatchObject({ field: 'input.replyToId' })
    expect((await read(author)).count).toBe(1)
  })

  it('that is repeated is not added again, also if the comment that it replies to was deleted meanwhile', async () => {
    const top = await comment(friend, 'top')
    const again = { replyToId: idOf(top), clientMutationId: newId() }
    const first = await comment(author, 'answer', again)
    await remove(friend, idOf(top))
    expect(idOf(await comment(author, 'answer', again))).toBe(idOf(first))
    expect((await read(author)).count).toBe(1)
  })

  it('is reported to the author of the comment only while the author is in the audience list of the post', async () => {
    const other = newId()
    blog.communication.befriend(author, other)
    const listId = blog.communication.list(author, [friend, other])
    postId = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId })
    const top = await comment(friend, 'top')
    const reported = () =>
      blog.communication.activity.map(({ kind, commentId }) => `${kind} ${commentId}`).join()
    const first = idOf(await reply(other, 'first', top))
    await eventually(() => reported().includes(`REPLIED ${first}`))
    blog.communication.list(author, [other], listId)
    const second = idOf(await reply(other, 'second', top))
    const last = idOf(await comment(other, 'last'))
    await eventually(() => reported().includes(`COMMENTED ${last}`))
    expect(reported()).toContain(`COMMENTED ${second}`)
    expect(reported()).not.toContain(`REPLIED ${second}`)
  })

  it('to a user who does not exist for the viewer looks like a comment', async () => {
    const other = newId()
    blog.communication.befriend(author, other)
    await reply(author, 'answer', await comment(other, 'top'))
    blog.communication.relate(friend, other, 'INVISIBLE')
    const { count, shown } = await read(friend)
    expect([count, shown.map(({ text, replyTo }) => ({ text, replyTo }))]).toEqual([
      1,
      [{ text: 'answer', replyTo: null }],
    ])
  })
})

describe('the replies to a comment', () => {
  it('are paged without gaps, and without users who do not exist for the viewer', async () => {
    const blocked = newId()
    blog.communication.befriend(author, blocked)
    const top = await comment(author, 'top')
    for (let index = 0; index < 12; index++) await reply(index % 3 ? friend : blocked, `${index}`, top)
    blog.communication.relate(author, blocked, 'INVISIBLE')
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Page | undefined = (await read(author, { comments: 1, first: 3, after })).of('top')?.replies
      seen.push(...(texts(page) ?? []))
      after = page?.pageInfo.endCursor ?? null
      if (!page?.pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(['1', '2', '4', '5', '7', '8', '10', '11'])
  })

  it('take as many statements beside many comments of a hidden user as beside a few', async () => {
    const blocked = newId()
    blog.communication.befriend(author, blocked)
    blog.communication.relate(author, blocked, 'INVISIBLE')
    const counts: number[] = []
    for (const hidden of [3, 60]) {
      postId = await blog.publish(author)
      const top = await comment(author, 'top')
      for (let index = 0; index < hidden; index++) await reply(blocked, 'hidden', top)
      await comment(author, 'second')
      await reply(author, 'answer', top)
      const page = () => read(author, { comments: 2, first: 1 })
      counts.push((await statementsOf(page)).length)
      const { shown, of } = await page()
      expect(shown.map(({ text }) => text)).toEqual(['top', 'second'])
      expect(texts(of('top')?.replies)).toEqual(['answer'])
    }
    expect(counts[1]).toBe(counts[0])
  })

  it('take one statement for all comments of a page, and so do the comments that they reply to', async () => {
    for (let index = 0; index < 6; index++) await reply(friend, 'answer', await comment(author, 'top'))
    const counts: number[] = []
    for (const first of [2, 12]) {
      const query = `{ post(id: "${postId}") { comments(first: ${first}) { edges { node {
        replyTo { id } replies { edges { node { id } } }
      } } } } }`
      counts.push((await statementsOf(() => blog.ask(author, query))).length)
    }
    expect(new Set(counts).size).toBe(1)
    expect(counts[0]).toBeLessThanOrEqual(4)
  })
})
