import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

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
const comment = async (viewerId: string, postId: string, clientMutationId: string, replyToId?: string) => {
  const { commentOnPost } = await blog.ask<{ commentOnPost: { comment: { id: string } } }>(
    viewerId,
    `mutation ($input: CommentOnPostInput!) {
      commentOnPost(input: $input) { ... on CommentOnPostPayload { comment { id } } }
    }`,
    { input: { postId, text: 'Hm', clientMutationId, replyToId } },
  )
  return commentOnPost.comment.id
}
const reply = (viewerId: string, postId: string, commentId: string) =>
  comment(viewerId, postId, newId(), commentId)
const likeComment = (viewerId: string, verb: string, id: string) =>
  blog.ask(viewerId, `mutation ($id: ID!) { ${verb}(input: { commentId: $id }) { __typename } }`, { id })
const deleteComment = (viewerId: string, id: string) =>
  blog.ask(viewerId, 'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { __typename } }', {
    id,
  })
const show = (postId: string, audience: string) =>
  blog.ask(ann, 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }', {
    input: { postId, audience },
  })

describe('the blog', () => {
  it.each(['with media', 'without media'])(
    'reports a post %s to communication once, when the post is published',
    async (what) => {
      const mediaIds = what === 'with media' ? [blog.media(ann)] : []
      const input = { mediaIds, audience: 'FRIENDS', clientMutationId: newId() }
      const postId = await blog.publish(ann, input)
      expect(await blog.publish(ann, input)).toBe(postId)
      await eventually(
        () =>
          expect(reported()).toEqual([
            expect.objectContaining({ kind: 'PUBLISHED', postId, authorId: ann, actorId: ann }),
          ]),
        15_000,
      )
    },
  )

  it('reports an ONLY_ME post when its audience is widened, and again when its audience is narrowed to ONLY_ME', async () => {
    const postId = await blog.publish(ann, { audience: 'ONLY_ME' })
    await blog.publish(ann, { audience: 'ONLY_ME', mediaIds: [blog.media(ann)] })
    await show(postId, 'FRIENDS')
    await show(postId, 'PUBLIC')
    const widened = [
      { kind: 'PUBLISHED', postId },
      { kind: 'MENTIONED', postId, audience: 'PUBLIC' },
    ]
    await eventually(() => expect(reported()).toMatchObject(widened), 15_000)
    await show(postId, 'ONLY_ME')
    await eventually(
      () => expect(reported().at(-1)).toMatchObject({ kind: 'HIDDEN', postId, authorId: ann }),
      15_000,
    )
  })

  it('reports of a post without mentions when everyone may see it, and when only friends may', async () => {
    const postId = await blog.publish(ann, { audience: 'FRIENDS' })
    for (const audience of ['PUBLIC', 'PUBLIC', 'FRIENDS', 'ONLY_ME', 'FRIENDS']) await show(postId, audience)
    const nobody = { postId, authorId: ann, mentionedIds: [], unmentionedIds: [] }
    await eventually(
      () =>
        expect(reported()).toMatchObject([
          { kind: 'PUBLISHED' },
          { kind: 'MENTIONED', ...nobody, audience: 'PUBLIC' },
          { kind: 'MENTIONED', ...nobody, audience: 'FRIENDS' },
          { kind: 'HIDDEN' },
          { kind: 'PUBLISHED' },
        ]),
      15_000,
    )
  })

  it('reports each new like and comment and each withdrawn like, except those by the author of the post', async () => {
    const postId = await blog.publish(ann)
    for (const verb of ['likePost', 'likePost', 'unlikePost', 'unlikePost', 'likePost'])
      await like(bob, verb, postId)
    for (const verb of ['likePost', 'unlikePost']) await like(ann, verb, postId)
    await comment(bob, postId, 'once')
    await comment(bob, postId, 'once')
    await comment(ann, postId, 'mine')
    const happened = { postId, authorId: ann, actorId: bob }
    await eventually(
      () =>
        expect(reported()).toMatchObject([
          { kind: 'PUBLISHED', postId },
          { kind: 'LIKED', ...happened },
          { kind: 'UNLIKED', ...happened },
          { kind: 'LIKED', ...happened },
          { kind: 'COMMENTED', ...happened, commentId: expect.any(String) },
        ]),
      15_000,
    )
    const times = reported()
      .slice(1, 4)
      .map(({ occurredAt }) => Date.parse(String(occurredAt)))
    expect(times).toEqual([...times].sort((one, other) => one - other))
  })

  it.each([
    ['its author', bob],
    ['the author of the post', ann],
  ])('reports a comment that %s deletes once', async (_who, deleter) => {
    const postId = await blog.publish(ann)
    const commentId = await comment(bob, postId, newId())
    for (const _ of Array(2)) await deleteComment(deleter, commentId)
    await deleteComment(ann, await comment(ann, postId, newId()))
    await eventually(
      () =>
        expect(reported().slice(1)).toMatchObject([
          { kind: 'COMMENTED', commentId },
          { kind: 'COMMENT_DELETED', postId, authorId: ann, actorId: bob, commentId },
        ]),
      15_000,
    )
  })

  it('reports a reply to the author of the comment, unless that user is notified of the comment anyway or may not see the post', async () => {
    const [cat, dan] = [newId(), newId()]
    for (const user of [cat, dan]) blog.communication.befriend(ann, user)
    const postId = await blog.publish(ann, { audience: 'FRIENDS' })
    const [byAnn, byBob, byCat, byDan] = [
      await comment(ann, postId, newId()),
      await comment(bob, postId, newId()),
      await comment(cat, postId, newId()),
      await comment(dan, postId, newId()),
    ]
    blog.communication.relate(dan, ann, 'NONE')
    const toCat = await reply(bob, postId, byCat)
    const byAuthor = await reply(ann, postId, byCat)
    await reply(cat, postId, byAnn)
    await reply(bob, postId, byBob)
    await reply(cat, postId, byDan)
    await deleteComment(ann, byAuthor)
    const replies = () => reported().filter(({ kind }) => kind === 'REPLIED' || kind === 'COMMENT_DELETED')
    await eventually(
      () =>
        expect(replies()).toMatchObject([
          {
            kind: 'REPLIED',
            postId,
            authorId: ann,
            actorId: bob,
            commentId: toCat,
            commentAuthorId: cat,
            audience: 'FRIENDS',
          },
          { kind: 'REPLIED', actorId: ann, commentId: byAuthor, commentAuthorId: cat },
          { kind: 'COMMENT_DELETED', actorId: ann, commentId: byAuthor },
        ]),
      15_000,
    )
  })

  it('reports each new and each withdrawn like of a comment, and a liked comment of the author that is deleted', async () => {
    const postId = await blog.publish(ann)
    const [byAnn, byBob] = [await comment(ann, postId, newId()), await comment(bob, postId, newId())]
    for (const verb of ['likeComment', 'likeComment', 'unlikeComment', 'unlikeComment', 'likeComment'])
      await likeComment(bob, verb, byAnn)
    await likeComment(bob, 'likeComment', byBob)
    await likeComment(ann, 'likeComment', byBob)
    await deleteComment(ann, byAnn)
    const happened = { postId, authorId: ann, actorId: bob, commentId: byAnn }
    await eventually(
      () =>
        expect(reported().slice(2)).toMatchObject([
          { kind: 'COMMENT_LIKED', ...happened, commentAuthorId: ann, audience: 'PUBLIC' },
          { kind: 'COMMENT_UNLIKED', ...happened },
          { kind: 'COMMENT_LIKED', ...happened, commentAuthorId: ann },
          { kind: 'COMMENT_LIKED', actorId: ann, commentId: byBob, commentAuthorId: bob },
          { kind: 'COMMENT_DELETED', actorId: ann, commentId: byAnn },
        ]),
      15_000,
    )
  })

  it('reports the deletion of a post after all earlier activity on the post', async () => {
    const postId = await blog.publish(ann)
    await like(bob, 'likePost', postId)
    for (const _ of Array(2)) await like(ann, 'deletePost', postId)
    await eventually(
      () =>
        expect(reported()).toMatchObject([
          { kind: 'PUBLISHED', postId },
          { kind: 'LIKED', postId },
          { kind: 'DELETED', postId, authorId: ann, actorId: ann },
        ]),
      15_000,
    )
  })
})
