import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Pool } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { holdPresence } from './presence-store.ts'

/** Internal resolver of the gateway's reports of who is online. */
export function internalPresenceResolvers({ pool }: { pool: Pool }) {
  return {
    Mutation: {
      holdPresence: async (_root, { input: { holderId, onlineIds, offlineIds } }) => {
        requireIds(holderId, ...onlineIds, ...offlineIds)
        await holdPresence(pool, holderId, { online: onlineIds, offline: offlineIds })
        return true
      },
    },
  } satisfies Resolvers
}
