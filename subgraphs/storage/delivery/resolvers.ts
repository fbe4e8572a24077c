import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Db } from '../database.ts'
import type { Revocations } from './revocations.ts'
import { takeRevocations } from './take-revocations.ts'

/** What these resolvers work with. */
export type DeliveryDeps = { db: Db; revocations: Revocations; clock: Clock }

/** Ending media tokens early. */
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
