import type pg from 'pg'
import type { MutationResolvers } from '../../../generated/graphql/internal/blog.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import { revokePageTokens } from './page-revocations.ts'

/** Internal resolver of the mutation that revokes page tokens. */
export function internalPageMutations(pool: pg.Pool): Pick<MutationResolvers, 'revokePageAccess'> {
  return {
    async revokePageAccess(_mutation, { input }, { caller }) {
      requireService(caller, 'communication')
      await revokePageTokens(pool, input.revocations)
      return true
    },
  }
}
