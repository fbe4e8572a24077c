import type { Resolvers } from '../../../generated/graphql/internal/blog.ts'
import type { Pool } from '../database.ts'
import { revokePageTokens } from './revocation-store.ts'

/** `Mutation.revokePageAccess` of the internal API */
export function revokePageAccessResolvers({ pool }: { pool: Pool }) {
  return {
    Mutation: {
      async revokePageAccess(_root, { input }) {
        await revokePageTokens(pool, input.revocations)
        return true
      },
    },
  } satisfies Resolvers
}
