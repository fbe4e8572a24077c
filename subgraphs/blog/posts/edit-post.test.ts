import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'
import type { AudienceReport } from '../access/communication.ts'

type Post = {
  id: string
  text: string
  audience: string
  version: number
  editedAt: string | null
  media: { id: string }[]
}
type Result = { __typename: string; post: Post; code?: string; field?: string }

const POST = 'id text audience version editedAt media { id }'
const EDIT = `mutation ($input: EditPostInput!) {
  editPost(input: $input) {
    __typename
    ... on EditPostPayload { post { ${POST} } }
    ... on Failure { code message }
    ... on InvalidInput { field }
  }
}`

let blog: BlogUnderTest
let author: string
const stranger = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest({ communicationTimeoutMs: 300 })
})
afterAll(() => blog.stop())
beforeEach(() => {
  author = newId()
  blog.communication.beforeReport = () => {}
})

async function edit(input: { postId: string } & Record<string, unknown>, viewerId: string | null = author) {
  return (await blog.ask<{ editPost: Result }>(viewerId, EDIT, { input })).editPost
}

async function read(id: string, viewerId: string | null = author): Promise<Post | null> {
  return (await blog.ask<{ post: Post | null }>(viewerId, `{ post(id: "${id}") { ${POST} } }`)).post
}

describe('editing a post', () => {
  it('changes only the given fields, and sets version and editedAt', async () => {
    const mediaIds = [blog.media(author)]
    const postId = await blog.publish(author, { text: 'old', mediaIds })
    expect(await read(postId)).toMatchObject({ version: 1, editedAt: null })
    const { post } = await edit({ postId, text: 'new ' })
    expect(post).toMatchObject({ text: 'new', audience: 'PUBLIC', version: 2, media: [{ id: mediaIds[0] }] })
    expect(Date.parse(post.editedAt ?? '')).toBeGreaterThan(Date.now() - 10_000)
    expect(await edit({ postId, text: 'new', mediaIds })).toMatchObject({ post: { version: 2 } })
  })

  it('reports a narrower audience before the change and a wider audience after it', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media] })
    const seen: [string, boolean][] = []
    blog.communication.beforeReport = async ({ audience }) => {
      seen.push([audience, (await read(postId, stranger)) !== null])
    }
    await edit({ postId, audience: 'ONLY_ME' })
    expect(blog.communication.audienceOf(media)).toEqual(['ONLY_ME'])
    await edit({ postId, audience: 'PUBLIC' })
    expect(blog.communication.audienceOf(media)).toEqual(['PUBLIC'])
    expect(seen).toEqual([
      ['ONLY_ME', true],
      ['PUBLIC', true],
    ])
  })

  it('reports new media before it shows them, and revokes access to removed media', async () => {
    const [old, added] = [blog.media(author), blog.media(author)]
    const postId = await blog.publish(author, { mediaIds: [old], audience: 'ONLY_ME' })
    const reports: [string, number][] = []
    blog.communication.beforeReport = async ({ audience }) => {
      reports.push([audience, (await read(postId))?.media.findIndex(({ id }) => id === added) ?? -1])
    }
    const { post } = await edit({ postId, mediaIds: [added], audience: 'PUBLIC' })
    expect(post.media).toEqual([{ id: added }])
    expect(reports).toEqual([
      ['ONLY_ME', -1],
      ['PUBLIC', 0],
    ])
    expect([old, added].map(blog.communication.audienceOf)).toEqual([[], ['PUBLIC']])
  })

  it("refuses media that are not the author's, and changes nothing", async () => {
    const [own, foreign] = [blog.media(author), blog.media(newId())]
    const postId = await blog.publish(author, { mediaIds: [own] })
    expect(await edit({ postId, mediaIds: [foreign], audience: 'ONLY_ME' })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await read(postId, stranger)).toMatchObject({ version: 1, media: [{ id: own }] })
    expect(blog.communication.audienceOf(own)).toEqual(['PUBLIC'])
  })

  it.each([
    ['a text of more than 10,000 characters', { text: 'x'.repeat(10_001) }, 'input.text'],
    ['a post without text and media', { text: '' }, 'input.text'],
    ['eleven media', { mediaIds: Array.from({ length: 11 }, newId) }, 'input.mediaIds'],
  ])('refuses %s', async (_what, change, field) => {
    const postId = await blog.publish(author)
    expect(await edit({ postId, ...change })).toMatchObject({ __typename: 'InvalidInput', field })
  })

  it('is allowed for the author of the post only', async () => {
    const postId = await blog.publish(author)
    const hidden = await blog.publish(author, { audience: 'ONLY_ME' })
    expect(await edit({ postId, text: 'x' }, null)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await edit({ postId, text: 'x' }, stranger)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await edit({ postId: hidden, text: 'x' }, stranger)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await edit({ postId: newId(), text: 'x' })).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('concurrent edits of a post', () => {
  it('with an outdated expectedVersion get CONFLICT', async () => {
    const postId = await blog.publish(author)
    expect(await edit({ postId, text: 'first', expectedVersion: 1 })).toMatchObject({ post: { version: 2 } })
    expect(await edit({ postId, text: 'second', expectedVersion: 1 })).toMatchObject({ code: 'CONFLICT' })
    expect(await read(postId)).toMatchObject({ text: 'first' })
  })

  it('with the same expectedVersion succeed only once, for any changes', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media] })
    const changes = [
      { text: 'a' },
      { audience: 'FRIENDS' },
      { audience: 'ONLY_ME' },
      { text: 'b', audience: 'FRIENDS' },
    ]
    const results = await Promise.all(
      changes.map((change) => edit({ postId, expectedVersion: 1, ...change })),
    )
    expect(results.filter(({ __typename }) => __typename === 'EditPostPayload')).toHaveLength(1)
    expect(results.filter(({ code }) => code === 'CONFLICT')).toHaveLength(3)
    expect((await read(postId))?.version).toBe(2)
  })

  it('get CONFLICT if the post is deleted in the meantime', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media] })
    blog.communication.beforeReport = async ({ mediaIds }) => {
      if (mediaIds.length > 0) {
        await blog.ask(author, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`)
      }
    }
    expect(await edit({ postId, audience: 'FRIENDS' })).toMatchObject({ code: 'CONFLICT' })
    expect(await read(postId)).toBeNull()
    await eventually(() => expect(blog.communication.audienceOf(media)).toEqual([]), 15_000)
  })
})

describe('an edit while communication does not answer', () => {
  const lost = (report: AudienceReport) => sleep(1_000, undefined, { ref: false }).then(() => report.revision)

  it('does not narrow the post, and replaces the report that may have arrived', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media] })
    let answers = false
    blog.communication.beforeReport = async (report) => {
      if (!answers) await lost(report)
    }
    await expect(edit({ postId, audience: 'ONLY_ME' })).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
    answers = true
    expect(await read(postId, stranger)).toMatchObject({ audience: 'PUBLIC', version: 1 })
    await eventually(
      () => expect(blog.communication.reports.at(-1)).toMatchObject({ revision: 3, audience: 'PUBLIC' }),
      15_000,
    )
    await sleep(1_000)
    expect(blog.communication.audienceOf(media)).toEqual(['PUBLIC'])
  })

  it('widens the post at once, and its media once communication answers', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media], audience: 'ONLY_ME' })
    blog.communication.beforeReport = () => Promise.reject(new Error('down'))
    expect(await edit({ postId, audience: 'PUBLIC' })).toMatchObject({ post: { audience: 'PUBLIC' } })
    expect(blog.communication.audienceOf(media)).toEqual(['ONLY_ME'])
    blog.communication.beforeReport = () => {}
    await eventually(() => expect(blog.communication.audienceOf(media)).toEqual(['PUBLIC']), 15_000)
  })

  it('changes a text', async () => {
    const postId = await blog.publish(author, { mediaIds: [blog.media(author)] })
    blog.communication.beforeReport = () => Promise.reject(new Error('down'))
    expect(await edit({ postId, text: 'new' })).toMatchObject({ post: { text: 'new' } })
  })
})
