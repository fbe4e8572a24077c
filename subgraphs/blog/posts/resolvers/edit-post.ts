import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { noSuchPost, requestFailed } from '../../failures.ts'
import { editPost } from '../edit-post.ts'
import type { PostLoadersOf } from '../post-loaders.ts'
import type { Settling } from '../settlement.ts'
import { findOwnTarget, noSuchList, noSuchMedia, reloadPost } from '../target-post.ts'

/** The dependencies of `Mutation.editPost`. */
export type EditPostDeps = { settling: Settling; posts: PostLoadersOf }

/** `Mutation.editPost` */
export function editPostResolvers({ settling, posts }: EditPostDeps) {
  return {
    Mutation: {
      async editPost(_root, { input }, context) {
        const target = await findOwnTarget(posts, input.postId, context, 'edit')
        if ('code' in target) return target
        const outcome = await editPost(settling, target.moblogId, target.id, {
          text: input.text ?? null,
          contentWarning: input.contentWarning ?? null,
          mediaIds: input.mediaIds ?? null,
          audience: input.audience ?? null,
          audienceListId: input.audienceListId ?? null,
          expectedVersion: input.expectedVersion ?? null,
        })
        if (outcome.kind === 'refused') return outcome.failure
        if (outcome.kind === 'unknownList') return noSuchList()
        if (outcome.kind === 'unknownMedia') return noSuchMedia(outcome.mediaIds)
        if (outcome.kind === 'outdated') return outdated()
        const post = outcome.kind === 'edited' && (await reloadPost(posts, target.id, context))
        return post ? { __typename: 'EditPostPayload' as const, post } : noSuchPost()
      },
    },
  } satisfies Resolvers
}

const outdated = () =>
  requestFailed('CONFLICT', 'Another request has changed this post. Load it again, then repeat your change.')
