import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

const DELETE = `mutation ($postId: ID!) {
  deletePost(input: { postId: $postId }) {
    __typename
    ... on DeletePostPayload { postId }
    ... on Failure { code }
  }
}`

let blog: BlogUnderTest
let author: string

beforeAll(async () => {
  blog = await startBlogUnderTest({ communicationTimeoutMs: 300 })
})
afterAll(() => blog.stop())
beforeEach(() => {
  author = newId()
  blog.communication.beforeReport = () => {}
})

async function remove(viewerId: string | null, postId: string) {
  const data = await blog.ask<{ deletePost: object }>(viewerId, DELETE, { postId })
  return data.deletePost
}

const isThere = async (id: string) => {
  const { post } = await blog.ask<{ post: object | null }>(author, `{ post(id: "${id}") { id } }`)
  return post !== null
}

describe('deleting a post', () => {
  it('removes the post and revokes access to its media before it answers', async () => {
    const media = blog.media(author)
    const postId = await blog.publish(author, { mediaIds: [media] })
    expect(blog.communication.audienceOf(media)).toEqual(['PUBLIC'])
    expect(await remove(author, postId)).toEqual({ __typename: 'DeletePostPayload', postId })
    expect(blog.communication.audienceOf(media)).toEqual([])
    expect(await isThere(postId)).toBe(false)
    expect(await blog.ask(author, `{ moblog(id: "${author}") { postCount } }`)).toEqual({
      moblog: { postCount: 0 },
    })
    expect(await remove(author, postId)).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('does not ask communication for the relationship of the author to themselves', async () => {
    const postId = await blog.publish(author)
    const before = blog.communication.relationshipQueries
    expect(await remove(author, postId)).toMatchObject({ __typename: 'DeletePostPayload' })
    expect(blog.communication.relationshipQueries).toBe(before)
  })

  it('removes the text and the media ids from the row', async () => {
    const postId = await blog.publish(author, { text: 'secret', mediaIds: [blog.media(author)] })
    await remove(author, postId)
    const { rows } = await blog.sql.query('SELECT text, media_ids, like_count FROM post WHERE id = $1', [
      postId,
    ])
    expect(rows).toEqual([{ text: '', media_ids: [], like_count: 0 }])
  })

  it.each([
    ['is down', () => Promise.reject(new Error('down'))],
    ['hangs', () => sleep(2_000, undefined, { ref: false })],
  ])(
    'works while communication %s, and revokes access to the media once communication answers',
    async (_how, beforeReport) => {
      const media = blog.media(author)
      const postId = await blog.publish(author, { mediaIds: [media] })
      blog.communication.beforeReport = beforeReport
      expect(await remove(author, postId)).toMatchObject({ __typename: 'DeletePostPayload' })
      expect(await isThere(postId)).toBe(false)
      blog.communication.beforeReport = () => {}
      await eventually(() => expect(blog.communication.audienceOf(media)).toEqual([]), 15_000)
    },
  )

  it('is allowed for the author of the post only', async () => {
    const postId = await blog.publish(author)
    const hidden = await blog.publish(author, { audience: 'ONLY_ME' })
    expect(await remove(null, postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await remove(newId(), postId)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await remove(newId(), hidden)).toMatchObject({ code: 'NOT_FOUND' })
    expect(await remove(author, 'x')).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await isThere(postId)).toBe(true)
  })
})
