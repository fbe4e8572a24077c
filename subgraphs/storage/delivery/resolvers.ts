import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Db } from '../database.ts'
import type { RevokedTokens } from './revoked-tokens.ts'
import { takeRevocations } from './take-revocations.ts'

/** The dependencies of these resolvers. */
export type DeliveryDeps = { db: Db; revocations: RevokedTokens; clock: Clock }

/** Resolvers that revoke media tokens before they expire. */
export function deliveryResolvers({ db, revocations, clock }: DeliveryDeps) {
  return {
    Mutation: {
      async revokeMediaAccess(_root, { input }) {
        await takeRevocations({ db, revocations, clock }, input.revocations)
        return true
      },
    },
  } satisfies Resolvers
}
