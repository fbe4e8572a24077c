import type { MutationResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import type { BlogContext } from '../context.ts'
import { type FailureResult, noSuchPost, requestFailed, signInFirst } from '../failures.ts'
import { deletePost } from './delete-post.ts'
import { addLike, removeLike } from './likes.ts'
import { loadPost } from './post-resolvers.ts'
import { readPublishInput } from './publish-input.ts'
import { publishPost } from './publish-post.ts'
import type { SettlementDependencies } from './settlement.ts'
import type { VisiblePost } from './visible-post.ts'

type Mutations = Required<
  Pick<MutationResolvers<BlogContext>, 'publishPost' | 'deletePost' | 'likePost' | 'unlikePost'>
>

/** The mutations on posts. */
export function postMutations(dependencies: SettlementDependencies): Mutations {
  const { prisma } = dependencies
  return {
    async publishPost(_mutation, { input }, context): Promise<ResolversTypes['PublishPostResult']> {
      if (!context.viewerId) return signInFirst()
      const newPost = readPublishInput(input)
      if ('__typename' in newPost) return newPost
      const outcome = await publishPost(dependencies, context.viewerId, newPost)
      if (outcome.kind === 'unknownMedia') {
        return requestFailed('NOT_FOUND', `You have no media with these ids: ${outcome.mediaIds.join(', ')}.`)
      }
      const post = outcome.kind === 'published' && (await reloadOwnPost(outcome.postId, context))
      if (!post)
        return requestFailed('CONFLICT', 'This post was published before, and has been deleted since.')
      return { __typename: 'PublishPostPayload', post }
    },

    async deletePost(_mutation, { input }, context) {
      const post = await findTarget(input.postId, context)
      if ('code' in post) return post
      if (post.moblogId !== context.viewerId) {
        return requestFailed('NOT_ALLOWED', 'Only its author can delete a post.')
      }
      if (!(await deletePost(dependencies, context.viewerId, post.id))) return noSuchPost()
      return { __typename: 'DeletePostPayload', postId: post.id }
    },

    async likePost(_mutation, { input }, context): Promise<ResolversTypes['LikePostResult']> {
      const post = await changeLike(input.postId, context, (id, viewerId) => addLike(prisma, id, viewerId))
      return 'code' in post ? post : { __typename: 'LikePostPayload', post }
    },

    async unlikePost(_mutation, { input }, context): Promise<ResolversTypes['UnlikePostResult']> {
      const post = await changeLike(input.postId, context, (id, viewerId) => removeLike(prisma, id, viewerId))
      return 'code' in post ? post : { __typename: 'UnlikePostPayload', post }
    },
  }
}

/** The post that a signed-in viewer wants to change something about, if they may see it. */
async function findTarget(postId: string, context: BlogContext): Promise<VisiblePost | FailureResult> {
  if (!context.viewerId) return signInFirst()
  return (await loadPost(postId, context)) ?? noSuchPost()
}

async function changeLike(
  postId: string,
  context: BlogContext,
  change: (postId: string, viewerId: string) => Promise<void>,
): Promise<VisiblePost | FailureResult> {
  const post = await findTarget(postId, context)
  if ('code' in post || !context.viewerId) return post
  await change(post.id, context.viewerId)
  context.posts.post.clear(post.id)
  return (await loadPost(post.id, context)) ?? noSuchPost()
}

function reloadOwnPost(postId: string, context: BlogContext): Promise<VisiblePost | null> {
  if (context.viewerId) context.standings.prime(context.viewerId, 'SELF')
  context.posts.post.clear(postId)
  return loadPost(postId, context)
}
