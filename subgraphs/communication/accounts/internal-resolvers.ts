import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import type { RootDb } from '../database.ts'
import { provisionUser } from './provision.ts'

/** Dependencies of the internal account resolvers. */
export type InternalAccountDeps = { db: RootDb; clock: Clock }

/** Internal resolver for the gateway: provisionUser. */
export function internalAccountResolvers({ db, clock }: InternalAccountDeps) {
  return {
    Mutation: {
      provisionUser: (_root, { input }, { caller }) => {
        requireService(caller, 'gateway')
        return provisionUser(db, input, clock())
      },
    },
  } satisfies Resolvers
}
