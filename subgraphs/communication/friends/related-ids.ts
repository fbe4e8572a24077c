import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import type { RelationshipKind } from './relationship.ts'

const MAX_FRIENDS = 10_000

/** Internal resolvers that give other services the ids of a user's related users, all at once. */
export function internalFriendResolvers(pool: pg.Pool) {
  return {
    Query: {
      friendIdsOf: (_root, { userId }, { caller }) => {
        requireService(caller, 'blog')
        return findRelatedIds(pool, userId, ['FRIEND'], MAX_FRIENDS)
      },
      hiddenUserIdsOf: (_root, { viewerId }, { caller }) => {
        requireService(caller, 'blog')
        // No limit: a user who were left out would be visible.
        return findRelatedIds(pool, viewerId, ['BLOCKED', 'BLOCKED_BY'], null)
      },
    },
  } satisfies Resolvers
}

/** Finds the ids of users with any of these relationships to a user, newest first. */
async function findRelatedIds(
  pool: pg.Pool,
  userId: string,
  kinds: readonly RelationshipKind[],
  limit: number | null,
): Promise<string[]> {
  if (!isId(userId)) throw badInput('The user id is not a UUID.')
  const { rows } = await pool.query<{ id: string }>({
    name: 'related-ids',
    text: `SELECT other_id AS id FROM relationships WHERE user_id = $1 AND kind = ANY ($2::relationship_kind[])
      ORDER BY since DESC, other_id DESC LIMIT $3`,
    values: [userId, kinds, limit],
  })
  return rows.map(({ id }) => id)
}
