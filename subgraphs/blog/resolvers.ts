import type pg from 'pg'
import { DateTime } from '../../platform/scalars.ts'
import { moblogQueries, moblogResolvers, userResolvers } from './moblogs/moblog-resolvers.ts'
import { pageMutations } from './pages/page-mutations.ts'
import { postMutations } from './posts/post-mutations.ts'
import { postQueries, postResolvers } from './posts/post-resolvers.ts'
import type { SettlementDependencies } from './posts/settlement.ts'

/** All resolvers of the blog subgraph. */
export function createResolvers(dependencies: SettlementDependencies & { pool: pg.Pool }): object {
  return {
    DateTime,
    Query: { ...moblogQueries, ...postQueries },
    Mutation: { ...postMutations(dependencies), ...pageMutations(dependencies.pool) },
    User: userResolvers,
    Moblog: moblogResolvers,
    Post: postResolvers,
  }
}
