import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'

/** `Mutation.eraseUserMedia` of the internal API */
export function eraseUserMediaResolvers({ eraseUser }: { eraseUser(userId: string): Promise<void> }) {
  return {
    Mutation: {
      async eraseUserMedia(_root, { input: { userId } }) {
        if (!isId(userId)) throw badInput('The user id must be a UUID.')
        await eraseUser(userId)
        return true
      },
    },
  } satisfies Resolvers
}
