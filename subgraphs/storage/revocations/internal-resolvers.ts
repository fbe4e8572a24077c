import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import type { Clock } from '../../../platform/clock.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import type { Db } from '../database.ts'
import type { RevokedTokens } from './revoked-tokens.ts'
import { takeRevocations } from './take-revocations.ts'

/** The dependencies of these resolvers. */
export type DeliveryDeps = { db: Db; revocations: RevokedTokens; clock: Clock }

/** The internal resolver that revokes media tokens before they expire. */
export function internalDeliveryResolvers({ db, revocations, clock }: DeliveryDeps) {
  return {
    Mutation: {
      async revokeMediaAccess(_root, { input }, { caller }) {
        requireService(caller, 'communication')
        await takeRevocations({ db, revocations, clock }, input.revocations)
        return true
      },
    },
  } satisfies Resolvers
}
