import type { MutationResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import type { BlogContext } from '../context.ts'
import { type FailureResult, noSuchPost, notAnId, requestFailed, signInFirst } from '../failures.ts'
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
        return requestFailed(
          'CONFLICT',
          'The post with this client mutation id has been deleted. To publish it again, use a new id.',
        )
      return { __typename: 'PublishPostPayload', post }
    },

    async editPost(_mutation, { input }, context): Promise<ResolversTypes['EditPostResult']> {
      const target = await findOwnPost(input.postId, context, 'edit')
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
          'Another request has changed this post. Load it again, then repeat your change.',
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
      if (!isId(postId)) return notAnId('input.postId', 'post', postId)
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

/** The post that a mutation is about, or the failure if the viewer is signed out or may not see the post. */
async function findTarget(postId: string, context: BlogContext): Promise<VisiblePost | FailureResult> {
  if (!context.viewerId) return signInFirst()
  if (!isId(postId)) return notAnId('input.postId', 'post', postId)
  return (await loadPost(postId, context)) ?? noSuchPost()
}

async function findOwnPost(
  postId: string,
  context: BlogContext,
  verb: string,
): Promise<VisiblePost | FailureResult> {
  const post = await findTarget(postId, context)
  if ('code' in post || post.moblogId === context.viewerId) return post
  return requestFailed('NOT_ALLOWED', `Only the author of this post can ${verb} it.`)
}

function reloadOwnPost(postId: string, context: BlogContext): Promise<VisiblePost | null> {
  context.posts.post.clear(postId)
  return loadPost(postId, context)
}

const noSuchMedia = (ids: readonly string[]) =>
  requestFailed(
    'NOT_FOUND',
    `You have no media with these ids: ${ids.join(', ')}. Remove the ids, or upload the files first.`,
  )
