import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { findFriendRecords } from '../access/relationship-record-store.ts'
import type { Pool } from '../database.ts'
import { findRelatedIds } from './relationship-lists-store.ts'

const MAX_FRIENDS = 10_000

/** Internal resolvers that give other services the ids of a user's related users, all at once. */
export function internalFriendResolvers(pool: Pool) {
  return {
    Query: {
      friendIdsOf: (_root, { userId }) => {
        requireUserId(userId)
        return findRelatedIds(pool, userId, ['FRIEND'], MAX_FRIENDS)
      },
      friendsOf: async (_root, { userId }) => {
        requireUserId(userId)
        const friends = await findFriendRecords(pool, userId, MAX_FRIENDS)
        return friends.map((record) => ({ ...record, isVisible: true }))
      },
      hiddenUserIdsOf: (_root, { viewerId }) => {
        requireUserId(viewerId)
        // No limit: a user who were left out would be visible.
        return findRelatedIds(pool, viewerId, ['BLOCKED', 'BLOCKED_BY'], null)
      },
    },
  } satisfies Resolvers
}

function requireUserId(userId: string): void {
  if (!isId(userId)) throw badInput('The user id is not a UUID.')
}
