import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

const PUBLISH = `mutation ($input: PublishPostInput!) {
  publishPost(input: $input) {
    __typename
    ... on PublishPostPayload { post { id text audience media { id } moblog { id postCount } author { id } } }
    ... on Failure { code message }
    ... on InvalidInput { field }
  }
}`
const POST = 'query ($id: ID!) { post(id: $id) { id text } }'

let blog: BlogUnderTest
let author: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ communicationTimeoutMs: 300 })
})
afterAll(() => blog.stop())
beforeEach(() => {
  author = newId()
  blog.communication.beforeReport = () => {}
  blog.communication.reports.length = 0
})

async function publish(input: Record<string, unknown>, viewerId: string | null = author) {
  const { publishPost } = await blog.ask<{
    publishPost: {
      __typename: string
      post: { id: string; text: string; media: { id: string }[] }
      code?: string
      message?: string
      field?: string
    }
  }>(viewerId, PUBLISH, { input: { text: '', ...input } })
  return publishPost
}

const storedPosts = async () =>
  (await blog.sql.query('SELECT id, state, text, media_ids FROM post WHERE moblog_id = $1', [author])).rows

describe('publishing a post', () => {
  it('returns the post, and reports its media before the post is visible', async () => {
    const mediaIds = [blog.media(author), blog.media(author)]
    const seenMeanwhile: unknown[] = []
    blog.communication.beforeReport = async () => {
      seenMeanwhile.push(
        await blog.ask(author, `{ moblog(id: "${author}") { postCount posts { edges { cursor } } } }`),
      )
    }
    const result = await publish({ text: 'Hi \r\n', mediaIds, audience: 'FRIENDS' })
    expect(result).toMatchObject({
      __typename: 'PublishPostPayload',
      post: {
        text: 'Hi',
        audience: 'FRIENDS',
        media: mediaIds.map((id) => ({ id })),
        moblog: { id: author, postCount: 1 },
        author: { id: author },
      },
    })
    expect(blog.communication.reports).toMatchObject([
      { postId: result.post.id, ownerId: author, mediaIds, audience: 'FRIENDS', revision: 1 },
    ])
    expect(seenMeanwhile).toEqual([{ moblog: { postCount: 0, posts: { edges: [] } } }])
  })

  it('does not call communication for a post without media', async () => {
    await publish({ text: 'Hi' })
    expect(blog.communication.reports).toEqual([])
  })

  it('sets the audience to FRIENDS by default', async () => {
    expect(await publish({ text: 'Hi' })).toMatchObject({ post: { audience: 'FRIENDS' } })
  })

  it('is refused to signed-out users', async () => {
    expect(await publish({ text: 'Hi' }, null)).toMatchObject({
      __typename: 'RequestFailed',
      code: 'NOT_ALLOWED',
    })
  })

  const one = newId()
  it.each([
    ['a text of more than 10,000 characters', { text: 'x'.repeat(10_001) }, 'input.text'],
    ['a post without text and media', { text: ' \u200b\n' }, 'input.text'],
    ['eleven media', { mediaIds: Array.from({ length: 11 }, newId) }, 'input.mediaIds'],
    ['the same media id twice', { mediaIds: [one, one.toUpperCase()] }, 'input.mediaIds'],
    ['a malformed media id', { mediaIds: ['x'] }, 'input.mediaIds'],
    ['an invalid client mutation id', { text: 'Hi', clientMutationId: 'a b' }, 'input.clientMutationId'],
  ])('refuses %s', async (_what, input, field) => {
    expect(await publish(input)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', field })
    expect(await storedPosts()).toEqual([])
  })

  it('accepts 10,000 characters, where an emoji counts as one', async () => {
    expect(await publish({ text: '😀'.repeat(10_000) })).toMatchObject({ __typename: 'PublishPostPayload' })
  })

  it("names the media that are not the author's, and stores no post", async () => {
    const foreign = blog.media(newId())
    const result = await publish({ mediaIds: [blog.media(author), foreign], clientMutationId: 'again' })
    expect(result).toMatchObject({ __typename: 'RequestFailed', code: 'NOT_FOUND' })
    expect(result.message).toContain(foreign)
    expect(await blog.ask(author, `{ moblog(id: "${author}") { postCount } }`)).toEqual({
      moblog: { postCount: 0 },
    })
    blog.communication.own(author, foreign)
    expect(await publish({ mediaIds: [foreign], clientMutationId: 'again' })).toMatchObject({
      __typename: 'PublishPostPayload',
    })
  })
})

describe('a repeated client mutation id', () => {
  it('returns the post of the first request', async () => {
    const input = { text: 'Once', mediaIds: [blog.media(author)], clientMutationId: 'a' }
    const first = await publish(input)
    expect(await publish(input)).toEqual(first)
    expect(await storedPosts()).toHaveLength(1)
  })

  it('creates separate posts for different authors', async () => {
    const first = await publish({ text: 'Mine', clientMutationId: 'b' })
    expect((await publish({ text: 'Other', clientMutationId: 'b' }, newId())).post.id).not.toBe(first.post.id)
  })

  it('creates one post if many requests arrive at the same time', async () => {
    const input = { text: 'Once', mediaIds: [blog.media(author)], clientMutationId: 'c' }
    const results = await Promise.all(Array.from({ length: 8 }, () => publish(input)))
    expect(new Set(results.map(({ post }) => post.id)).size).toBe(1)
    expect(await storedPosts()).toHaveLength(1)
  })

  it('gets CONFLICT if the post was deleted', async () => {
    const { post } = await publish({ text: 'Once', clientMutationId: 'd' })
    await blog.ask(author, 'mutation ($id: ID!) { deletePost(input: { postId: $id }) { __typename } }', {
      id: post.id,
    })
    expect(await publish({ text: 'Once', clientMutationId: 'd' })).toMatchObject({ code: 'CONFLICT' })
  })
})

describe('publishing while communication does not answer', () => {
  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => sleep(2_000, undefined, { ref: false })],
  ])(
    'publishes nothing, then or later, if communication %s, and allows a retry',
    async (_how, beforeReport) => {
      const media = blog.media(author)
      const input = { mediaIds: [media], audience: 'PUBLIC', clientMutationId: 'e' }
      blog.communication.beforeReport = ({ mediaIds }) => (mediaIds.length > 0 ? beforeReport() : undefined)
      await expect(publish(input)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
      const [abandoned] = await storedPosts()
      expect(abandoned).toMatchObject({ state: 'DELETED', text: '', media_ids: [] })
      await eventually(
        () => expect(blog.communication.reports.at(-1)).toMatchObject({ mediaIds: [], revision: 2 }),
        15_000,
      )
      expect(await blog.ask(author, POST, { id: abandoned.id })).toEqual({ post: null })
      blog.communication.beforeReport = () => {}
      const { post } = await publish(input)
      expect(await blog.ask(author, POST, { id: post.id })).toMatchObject({ post: { id: post.id } })
    },
  )
})
