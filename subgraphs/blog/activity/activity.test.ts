import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, eventually, startBlogUnderTest } from '../blog-under-test.ts'

let blog: BlogUnderTest
const [ann, bob] = [newId(), newId()]

beforeAll(async () => {
  blog = await startBlogUnderTest()
  blog.communication.befriend(ann, bob)
})
afterAll(() => blog.stop())
beforeEach(() => {
  blog.communication.activity.length = 0
})

const reported = () => blog.communication.activity
const like = (viewerId: string, verb: string, postId: string) =>
  blog.ask(viewerId, `mutation ($id: ID!) { ${verb}(input: { postId: $id }) { __typename } }`, { id: postId })
const comment = (viewerId: string, postId: string, clientMutationId: string) =>
  blog.ask(
    viewerId,
    'mutation ($input: CommentOnPostInput!) { commentOnPost(input: $input) { __typename } }',
    { input: { postId, text: 'Hm', clientMutationId } },
  )
const widen = (postId: string, audience: string) =>
  blog.ask(ann, 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }', {
    input: { postId, audience },
  })

describe('what happens to a post is reported to communication', () => {
  it.each(['with media', 'without media'])('once, when it is published %s', async (what) => {
    const mediaIds = what === 'with media' ? [blog.medium(ann)] : []
    const input = { mediaIds, audience: 'FRIENDS', clientMutationId: newId() }
    const postId = await blog.publish(ann, input)
    expect(await blog.publish(ann, input)).toBe(postId)
    await eventually(() =>
      expect(reported()).toEqual([
        expect.objectContaining({ kind: 'PUBLISHED', postId, authorId: ann, actorId: ann }),
      ]),
    )
  })

  it('not while its author alone may see it, but once others may', async () => {
    const postId = await blog.publish(ann, { audience: 'ONLY_ME' })
    await blog.publish(ann, { audience: 'ONLY_ME', mediaIds: [blog.medium(ann)] })
    await widen(postId, 'FRIENDS')
    await widen(postId, 'PUBLIC')
    await eventually(() => expect(reported()).toMatchObject([{ kind: 'PUBLISHED', postId }]))
  })

  it('with each new like and comment, except the author’s own', async () => {
    const postId = await blog.publish(ann)
    for (const verb of ['likePost', 'likePost', 'unlikePost']) await like(bob, verb, postId)
    await like(ann, 'likePost', postId)
    await comment(bob, postId, 'once')
    await comment(bob, postId, 'once')
    await comment(ann, postId, 'mine')
    const happened = { postId, authorId: ann, actorId: bob }
    await eventually(() =>
      expect(reported()).toMatchObject([
        { kind: 'PUBLISHED', postId },
        { kind: 'LIKED', ...happened },
        { kind: 'COMMENTED', ...happened, commentId: expect.any(String) },
      ]),
    )
  })
})
