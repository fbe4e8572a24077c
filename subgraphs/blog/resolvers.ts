import type pg from 'pg'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/blog.ts'
import { DateTime } from '../../platform/scalars.ts'
import { commentMutations } from './comments/comment-mutations.ts'
import { commentResolvers, postComments } from './comments/comment-resolvers.ts'
import { discoveryQueries } from './discovery/discovery-resolvers.ts'
import { internalErasureMutations } from './erasure/erase-user.ts'
import { friendMoblogQueries } from './moblogs/friend-moblogs.ts'
import { moblogMutations } from './moblogs/moblog-mutations.ts'
import { moblogQueries, moblogResolvers, userResolvers } from './moblogs/moblog-resolvers.ts'
import { internalPageMutations } from './pages/internal-mutations.ts'
import { moblogPosts } from './posts/moblog-posts.ts'
import { postMutations } from './posts/post-mutations.ts'
import { postQueries, postResolvers } from './posts/post-resolvers.ts'
import type { SettlementDependencies } from './posts/settlement.ts'

/** All resolvers of the blog subgraph. */
export function createResolvers(
  dependencies: SettlementDependencies & { pool: pg.Pool; searchPool: pg.Pool },
): object {
  return {
    DateTime,
    Query: {
      ...moblogQueries,
      ...postQueries,
      ...discoveryQueries(dependencies.pool, dependencies.searchPool),
      ...friendMoblogQueries(dependencies),
    },
    Mutation: {
      ...moblogMutations(dependencies.prisma),
      ...postMutations(dependencies),
      ...commentMutations(dependencies),
    },
    User: userResolvers,
    Moblog: { ...moblogResolvers, ...moblogPosts },
    Post: { ...postResolvers, ...postComments },
    Comment: commentResolvers,
  }
}

/** All resolvers of the internal API of the blog. */
export function createInternalResolvers(pool: pg.Pool): InternalResolvers {
  return {
    DateTime,
    Query: { service: () => 'blog' },
    Mutation: { ...internalPageMutations(pool), ...internalErasureMutations(pool) },
  }
}
