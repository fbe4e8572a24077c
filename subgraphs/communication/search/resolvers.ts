import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { readPageRequest } from '../../../platform/connections.ts'
import type { Pool } from '../database.ts'
import { findUsers, SEARCH_LIST } from './find-users.ts'

/** Resolver of the search for users: searchUsers. */
export function searchResolvers({ pool }: { pool: Pool }) {
  return {
    Query: {
      searchUsers: async (_root, { query, ...page }, { viewerId, people }) => {
        const found = await findUsers(pool, viewerId, query, readPageRequest(page, SEARCH_LIST))
        for (const { node } of found.edges) people.prime(node.id, node)
        return found
      },
    },
  } satisfies Resolvers
}
