import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

const PUBLISH = `mutation ($input: PublishPostInput!) {
  result: publishPost(input: $input) {
    __typename ... on Failure { code message } ... on InvalidInput { field }
    ... on PublishPostPayload { post { id publishedAt expiresAt } }
  }
}`
const SEEN = `query ($moblog: ID!, $post: ID!, $comment: ID!) {
  post(id: $post) { id }
  moblog(id: $moblog) { postCount updatedAt posts { edges { node { id } } } }
  searchMoblogs(query: "ephemeral") { edges { node { id } } }
  friendMoblogs { edges { node { updatedAt } } }
  _entities(representations: [{ __typename: "Comment", id: $comment }]) { ... on Comment { id } }
}`

type Post = { id: string; publishedAt: string; expiresAt: string | null }
type Result = { result: { post?: Post; code?: string; field?: string } }

let blog: BlogUnderTest
let sleepy: BlogUnderTest
let author: string
let friend: string

beforeAll(async () => {
  ;[blog, sleepy] = await Promise.all([
    startBlogUnderTest(),
    // Its jobs run only at its start.
    startBlogUnderTest({ backgroundEveryMs: 3_600_000 }),
  ])
})
afterAll(() => Promise.all([blog.stop(), sleepy.stop()]))

beforeEach(() => {
  ;[author = '', friend = ''] = [newId(), newId()]
  for (const { communication } of [blog, sleepy]) communication.befriend(author, friend)
})

const publish = async (input: object) =>
  (await blog.ask<Result>(author, PUBLISH, { input: { text: 'Hello', ...input } })).result
const expire = ({ sql }: BlogUnderTest, id: string) =>
  sql.query(`UPDATE post SET expires_at = now() WHERE id = $1`, [id])
const rowOf = async (id: string) =>
  (await blog.sql.query('SELECT state, text, settle_after FROM post WHERE id = $1', [id])).rows[0]
const isDeleted = async (id: string) => {
  const row = await rowOf(id)
  return row.state === 'DELETED' && row.settle_after === null
}

describe('the lifetime of a post', () => {
  it('begins when the post is published, is reported, and stays when the request or an edit repeats', async () => {
    const input = { lifetimeSeconds: 86_400, clientMutationId: newId(), mediaIds: [blog.media(author)] }
    const { post } = await publish(input)
    const lifetime = Date.parse(post?.expiresAt ?? '') - Date.parse(post?.publishedAt ?? '')
    expect(lifetime).toBeGreaterThan(86_400_000 - 60_000)
    expect(lifetime).toBeLessThanOrEqual(86_400_000)
    expect((await publish({ ...input, lifetimeSeconds: 3_600 })).post).toEqual(post)
    await blog.ask(
      author,
      `mutation { editPost(input: { postId: "${post?.id}", audience: ONLY_ME }) { __typename } }`,
    )
    const reports = blog.communication.reports.filter(({ postId }) => postId === post?.id)
    const expiresAt = new Date(post?.expiresAt ?? '')
    expect(reports.map((report) => new Date(report.expiresAt ?? 0))).toEqual([expiresAt, expiresAt])
  })

  it.each([3_600, 604_800])('may be %i seconds', async (lifetimeSeconds) => {
    expect((await publish({ lifetimeSeconds })).post?.expiresAt).toBeTruthy()
  })

  it.each([0, -1, 3_599, 604_801])('may not be %i seconds', async (lifetimeSeconds) => {
    const failure = { code: 'INVALID_INPUT', field: 'input.lifetimeSeconds' }
    expect(await publish({ lifetimeSeconds })).toMatchObject(failure)
  })
})

describe('from its expiry on', () => {
  it.each(['author', 'friend'])('the %s sees nothing of a post, before it is deleted', async (who) => {
    const viewer = who === 'author' ? author : friend
    const { ask, publish: publishIn } = sleepy
    const post = await publishIn(author, { text: 'ephemeral', audience: 'FRIENDS' })
    const commented = await ask<{ r: { comment: { id: string } } }>(
      friend,
      `mutation { r: commentOnPost(input: { postId: "${post}", text: "Hm" }) {
        ... on CommentOnPostPayload { comment { id } } } }`,
    )
    const variables = { moblog: author, post, comment: commented.r.comment.id }
    const moblog = { postCount: 1, posts: { edges: [{ node: { id: post } }] } }
    expect(await ask(viewer, SEEN, variables)).toMatchObject({ post: { id: post }, moblog })
    await expire(sleepy, post)
    const seen = await ask<{ moblog: { updatedAt: string } }>(viewer, SEEN, variables)
    expect(seen).toMatchObject({
      post: null,
      moblog: { postCount: 0, posts: { edges: [] } },
      searchMoblogs: { edges: [] },
      _entities: [null],
    })
    // The account was created before; a later instant would reveal the post.
    expect(Date.parse(seen.moblog.updatedAt)).toBeLessThan(Date.now() - 1)
    for (const mutation of [
      `likePost(input: { postId: "${post}" })`,
      `commentOnPost(input: { postId: "${post}", text: "Hm" })`,
      `editPost(input: { postId: "${post}", text: "Back" })`,
      `deletePost(input: { postId: "${post}" })`,
    ]) {
      const query = `mutation { r: ${mutation} { __typename ... on Failure { code } } }`
      expect(await ask(viewer, query)).toEqual({ r: { __typename: 'RequestFailed', code: 'NOT_FOUND' } })
    }
  })

  it('a job deletes the post with its comments, and reports it with the request to delete its media', async () => {
    const media = blog.media(author)
    const { post } = await publish({ lifetimeSeconds: 3_600, mediaIds: [media] })
    const id = post?.id ?? ''
    await blog.ask(
      friend,
      `mutation { commentOnPost(input: { postId: "${id}", text: "Hm" }) { __typename } }`,
    )
    await expire(blog, id)
    await eventually(() => isDeleted(id), 15_000)
    expect(await rowOf(id)).toMatchObject({ text: '' })
    expect((await blog.sql.query('SELECT FROM comment WHERE post_id = $1', [id])).rowCount).toBe(0)
    const last = blog.communication.reports.filter(({ postId }) => postId === id).at(-1)
    expect(last).toMatchObject({ mediaIds: [], audience: 'ONLY_ME', deletesMedia: true })
    await eventually(
      () => blog.communication.activity.some(({ postId, kind }) => postId === id && kind === 'DELETED'),
      15_000,
    )
  })

  it('a process that was killed after the deletion leaves the report to settlement', async () => {
    const { post } = await publish({ lifetimeSeconds: 3_600, mediaIds: [blog.media(author)] })
    const id = post?.id ?? ''
    blog.communication.beforeReport = ({ postId }) => {
      if (postId === id) throw new Error('killed')
    }
    await expire(blog, id)
    await eventually(async () => (await rowOf(id)).state === 'DELETED', 15_000)
    blog.communication.beforeReport = () => {}
    await eventually(() => isDeleted(id), 15_000)
    expect(blog.communication.reports.filter(({ postId }) => postId === id).at(-1)).toMatchObject({
      deletesMedia: true,
    })
  })
})

it('a post that its author deletes before its expiry keeps its media', async () => {
  const { post } = await publish({ lifetimeSeconds: 3_600, mediaIds: [blog.media(author)] })
  await blog.ask(author, `mutation { deletePost(input: { postId: "${post?.id}" }) { __typename } }`)
  const last = blog.communication.reports.filter(({ postId }) => postId === post?.id).at(-1)
  expect(last).toMatchObject({ mediaIds: [], deletesMedia: false })
})
