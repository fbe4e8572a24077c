import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { type Taking, takeRevocations } from './take-revocations.ts'

/** `Mutation.revokeMediaAccess` of the internal API */
export function revokeMediaAccessResolvers(taking: Taking) {
  return {
    Mutation: {
      async revokeMediaAccess(_root, { input }) {
        await takeRevocations(taking, input.revocations)
        return true
      },
    },
  } satisfies Resolvers
}
