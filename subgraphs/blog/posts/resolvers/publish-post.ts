import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { requestFailed, signInFirst } from '../../failures.ts'
import type { PostLoadersOf } from '../post-loaders.ts'
import { readPublishInput } from '../publish-input.ts'
import { publishPost } from '../publish-post.ts'
import type { Settling } from '../settlement.ts'
import { noSuchList, noSuchMedia, reloadPost } from '../target-post.ts'

/** The dependencies of `Mutation.publishPost`. */
export type PublishPostDeps = { settling: Settling; posts: PostLoadersOf }

/** `Mutation.publishPost` */
export function publishPostResolvers({ settling, posts }: PublishPostDeps) {
  return {
    Mutation: {
      async publishPost(_root, { input }, context) {
        if (!context.viewerId) return signInFirst()
        const newPost = readPublishInput(input)
        if ('__typename' in newPost) return newPost
        const outcome = await publishPost(settling, context.viewerId, newPost)
        if (outcome.kind === 'unknownList') return noSuchList()
        if (outcome.kind === 'unknownMedia') return noSuchMedia(outcome.mediaIds)
        const post = outcome.kind === 'published' && (await reloadPost(posts, outcome.postId, context))
        return post ? { __typename: 'PublishPostPayload' as const, post } : deletedSince()
      },
    },
  } satisfies Resolvers
}

const deletedSince = () =>
  requestFailed(
    'CONFLICT',
    'The post with this client mutation id has been deleted. To publish it again, use a new id.',
  )
