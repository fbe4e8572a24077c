import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { RootDb } from '../database.ts'
import { provisionUser } from './provision.ts'

/** Dependencies of the internal account resolvers. */
export type InternalAccountDeps = { db: RootDb; clock: Clock }

/** Internal resolver for the gateway: provisionUser. */
export function internalAccountResolvers({ db, clock }: InternalAccountDeps) {
  return {
    Mutation: {
      provisionUser: (_root, { input }) => {
        return provisionUser(db, input, clock())
      },
    },
  } satisfies Resolvers
}
