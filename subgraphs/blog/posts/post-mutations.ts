import type { MutationResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import type { BlogContext } from '../context.ts'
import { type FailureResult, invalidInput, noSuchPost, requestFailed, signInFirst } from '../failures.ts'
import { deletePost } from './delete-post.ts'
import { editPost } from './edit-post.ts'
import { addLike, findLikedPost, removeLike } from './likes.ts'
import { loadPost } from './post-resolvers.ts'
import { readPublishInput } from './publish-input.ts'
import { publishPost } from './publish-post.ts'
import type { SettlementDependencies } from './settlement.ts'
import type { VisiblePost } from './visible-post.ts'

type Mutations = Required<
  Pick<MutationResolvers<BlogContext>, 'publishPost' | 'editPost' | 'deletePost' | 'likePost' | 'unlikePost'>
>

/** Resolvers of the mutations on posts. */
export function postMutations(dependencies: SettlementDependencies): Mutations {
  const { clock } = dependencies
  return {
    async publishPost(_mutation, { input }, context): Promise<ResolversTypes['PublishPostResult']> {
      if (!context.viewerId) return signInFirst()
      const newPost = readPublishInput(input)
      if ('__typename' in newPost) return newPost
      const outcome = await publishPost(dependencies, context.viewerId, newPost)
      if (outcome.kind === 'unknownMedia') return noSuchMedia(outcome.mediaIds)
      const post = outcome.kind === 'published' && (await reloadOwnPost(outcome.postId, context))
      if (!post)
        return requestFailed('CONFLICT', 'This post was published before, and has been deleted since.')
      return { __typename: 'PublishPostPayload', post }
    },

    async editPost(_mutation, { input }, context): Promise<ResolversTypes['EditPostResult']> {
      const target = await findOwnPost(input.postId, context, 'change')
      if ('code' in target) return target
      const outcome = await editPost(dependencies, target.moblogId, target.id, {
        text: input.text ?? null,
        mediaIds: input.mediaIds ?? null,
        audience: input.audience ?? null,
        expectedVersion: input.expectedVersion ?? null,
      })
      if (outcome.kind === 'refused') return outcome.failure
      if (outcome.kind === 'unknownMedia') return noSuchMedia(outcome.mediaIds)
      if (outcome.kind === 'outdated') {
        return requestFailed(
          'CONFLICT',
          'The post has been changed meanwhile. Load it again, then change it.',
        )
      }
      const post = outcome.kind === 'edited' && (await reloadOwnPost(target.id, context))
      return post ? { __typename: 'EditPostPayload', post } : noSuchPost()
    },

    async deletePost(_mutation, { input }, context) {
      const post = await findOwnPost(input.postId, context, 'delete')
      if ('code' in post) return post
      if (!(await deletePost(dependencies, post.moblogId, post.id))) return noSuchPost()
      return { __typename: 'DeletePostPayload', postId: post.id }
    },

    async likePost(_mutation, { input }, context): Promise<ResolversTypes['LikePostResult']> {
      const post = await findTarget(input.postId, context)
      if ('code' in post) return post
      if (!context.viewerId) return signInFirst()
      await addLike(dependencies, post, context.viewerId)
      context.posts.post.clear(post.id)
      const liked = await loadPost(post.id, context)
      return liked ? { __typename: 'LikePostPayload', post: liked } : noSuchPost()
    },

    async unlikePost(_mutation, { input: { postId } }, context): Promise<ResolversTypes['UnlikePostResult']> {
      const { viewerId } = context
      if (!viewerId) return signInFirst()
      if (!isId(postId)) return notAPostId()
      // Users who may no longer see a post can still take back their like.
      const post =
        (await loadPost(postId, context)) ?? (await findLikedPost(dependencies.prisma, postId, viewerId))
      if (!post) return noSuchPost()
      await removeLike(dependencies, post, viewerId, clock())
      context.posts.post.clear(post.id)
      return { __typename: 'UnlikePostPayload', post: await loadPost(post.id, context) }
    },
  }
}

const notAPostId = () => invalidInput('input.postId', 'This is not the id of a post.')

/** The post that a mutation is about, or the failure if the viewer is signed out or may not see the post. */
async function findTarget(postId: string, context: BlogContext): Promise<VisiblePost | FailureResult> {
  if (!context.viewerId) return signInFirst()
  if (!isId(postId)) return notAPostId()
  return (await loadPost(postId, context)) ?? noSuchPost()
}

async function findOwnPost(
  postId: string,
  context: BlogContext,
  verb: string,
): Promise<VisiblePost | FailureResult> {
  const post = await findTarget(postId, context)
  if ('code' in post || post.moblogId === context.viewerId) return post
  return requestFailed('NOT_ALLOWED', `Only its author can ${verb} a post.`)
}

function reloadOwnPost(postId: string, context: BlogContext): Promise<VisiblePost | null> {
  context.posts.post.clear(postId)
  return loadPost(postId, context)
}

const noSuchMedia = (ids: readonly string[]) =>
  requestFailed('NOT_FOUND', `You have no media with these ids: ${ids.join(', ')}.`)
