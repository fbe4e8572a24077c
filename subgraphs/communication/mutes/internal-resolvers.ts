import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Pool } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { findMutedIds } from './mute-store.ts'

/** Internal resolver that gives other services the ids of the users whom a user has muted. */
export function internalMuteResolvers(pool: Pool) {
  return {
    Query: {
      mutedUserIdsOf: (_root, { userId }) => {
        requireIds(userId)
        return findMutedIds(pool, userId)
      },
    },
  } satisfies Resolvers
}
