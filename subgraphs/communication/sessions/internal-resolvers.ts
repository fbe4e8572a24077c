import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { badInput } from '../../../platform/errors.ts'
import type { Pool } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { findSessionRevocations } from './session-revocation-store.ts'
import { tokenEnd } from './sessions.ts'
import { findNewestTokens } from './token-end-store.ts'

/** Dependencies of the internal session resolvers. */
export type InternalSessionDeps = {
  pool: Pool
  clock: Clock
  /** The lifetime of an access token. */
  accessSeconds: number
}

const MAX_SESSIONS = 500

/** Internal resolvers for the gateway: sessionRevocations, accessTokenEnds. */
export function internalSessionResolvers({ pool, clock, accessSeconds }: InternalSessionDeps) {
  return {
    Query: {
      sessionRevocations: (_root, { since }) => {
        return findSessionRevocations(pool, since ?? null, clock())
      },
      accessTokenEnds: async (_root, { sessionIds }) => {
        if (sessionIds.length > MAX_SESSIONS) throw badInput(`Look up at most ${MAX_SESSIONS} sessions.`)
        requireIds(...sessionIds)
        const issued = await findNewestTokens(pool, sessionIds, clock())
        return sessionIds.map((id) => {
          const issuedAt = issued.get(id)
          return issuedAt ? tokenEnd(issuedAt, accessSeconds) : null
        })
      },
    },
  } satisfies Resolvers
}
