import type { Resolvers } from '../../../generated/graphql/internal/blog.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'

/** `Mutation.eraseUserPosts` of the internal API */
export function eraseUserPostsResolvers({ eraseUser }: { eraseUser(userId: string): Promise<void> }) {
  return {
    Mutation: {
      async eraseUserPosts(_root, { input: { userId } }) {
        if (!isId(userId)) throw badInput('"userId" is not a UUID. Pass the id of the user to erase.')
        await eraseUser(userId)
        return true
      },
    },
  } satisfies Resolvers
}
