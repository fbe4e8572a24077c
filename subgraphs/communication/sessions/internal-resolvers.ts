import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Pool } from '../database.ts'
import { findSessionRevocations } from './session-revocation-store.ts'

/** Dependencies of the internal session resolvers. */
export type InternalSessionDeps = { pool: Pool; clock: Clock }

/** Internal resolver for the gateway: sessionRevocations. */
export function internalSessionResolvers({ pool, clock }: InternalSessionDeps) {
  return {
    Query: {
      sessionRevocations: (_root, { since }) => {
        return findSessionRevocations(pool, since ?? null, clock())
      },
    },
  } satisfies Resolvers
}
