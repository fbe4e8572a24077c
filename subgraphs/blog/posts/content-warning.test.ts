import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

const RESULT = `__typename
  ... on Failure { code message }
  ... on InvalidInput { field }`
const POST = 'id text contentWarning version'
const PUBLISH = `mutation ($input: PublishPostInput!) {
  publishPost(input: $input) { ... on PublishPostPayload { post { ${POST} } } ${RESULT} } }`
const EDIT = `mutation ($input: EditPostInput!) {
  editPost(input: $input) { ... on EditPostPayload { post { ${POST} } } ${RESULT} } }`
const DELETE = 'mutation ($id: ID!) { deletePost(input: { postId: $id }) { __typename } }'

type Result = {
  __typename: string
  post: { id: string; text: string; contentWarning: string | null; version: number }
  field?: string
}

let blog: BlogUnderTest
let author: string

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  author = newId()
})

const publish = async (input: object): Promise<Result> =>
  (await blog.ask<{ publishPost: Result }>(author, PUBLISH, { input: { text: 'x', ...input } })).publishPost
const edit = async (postId: string, input: object): Promise<Result> =>
  (await blog.ask<{ editPost: Result }>(author, EDIT, { input: { postId, ...input } })).editPost

describe('a content warning', () => {
  it('is stored on one line, and is null if there is none', async () => {
    const { post } = await publish({ contentWarning: ' Spoilers\n for film ' })
    expect(post.contentWarning).toBe('Spoilers for film')
    for (const none of [{}, { contentWarning: null }, { contentWarning: ' \n' }]) {
      expect((await publish(none)).post.contentWarning).toBeNull()
    }
  })

  it('can be added, changed and removed, and stays when other parts change', async () => {
    const { post } = await publish({ audience: 'FRIENDS' })
    expect((await edit(post.id, { contentWarning: 'Spiders' })).post).toMatchObject({
      contentWarning: 'Spiders',
      version: 2,
    })
    expect((await edit(post.id, { text: 'y' })).post).toMatchObject({ contentWarning: 'Spiders', version: 3 })
    expect((await edit(post.id, { contentWarning: 'Spiders' })).post.version).toBe(3)
    expect((await edit(post.id, { contentWarning: '' })).post).toMatchObject({
      contentWarning: null,
      version: 4,
    })
  })

  it('of more than 200 characters is refused', async () => {
    const warning = '🕷'.repeat(201)
    expect(await publish({ contentWarning: warning })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.contentWarning',
    })
    const { post } = await publish({ contentWarning: '🕷'.repeat(200) })
    expect(await edit(post.id, { contentWarning: warning })).toMatchObject({ field: 'input.contentWarning' })
  })

  it('does not stay when the post is deleted', async () => {
    const { post } = await publish({ contentWarning: 'Spiders' })
    await blog.ask(author, DELETE, { id: post.id })
    const { rows } = await blog.sql.query('SELECT content_warning FROM post WHERE id = $1', [post.id])
    expect(rows).toEqual([{ content_warning: null }])
  })
})
