import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import { provisionUser } from './provision.ts'
import { findSessionRevocations } from './session-revocations.ts'

/** Dependencies of the internal account resolvers. */
export type InternalAccountDeps = { db: PrismaClient; pool: pg.Pool; clock: Clock }

/** Internal resolvers for the gateway: sessionRevocations, provisionUser. */
export function internalAccountResolvers({ db, pool, clock }: InternalAccountDeps) {
  return {
    Query: {
      sessionRevocations: (_root, { since }, { caller }) => {
        requireService(caller, 'gateway')
        return findSessionRevocations(pool, since ?? null, clock())
      },
    },
    Mutation: {
      provisionUser: (_root, { input }, { caller }) => {
        requireService(caller, 'gateway')
        return provisionUser(db, input, clock())
      },
    },
  } satisfies Resolvers
}
