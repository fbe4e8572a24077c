import DataLoader from 'dataloader'
import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../database.ts'
import { findHidden } from '../hidden-post-store.ts'

/** `Post.isHidden` */
export function postIsHiddenResolvers({ pool }: { pool: Pool }) {
  const isHidden = perRequest(
    ({ viewerId }: Context) =>
      new DataLoader(
        async (postIds: readonly string[]) =>
          viewerId === null ? postIds.map(() => false) : findHidden(pool, viewerId, postIds),
        // Not cached: this request may itself hide or unhide a post.
        { cache: false },
      ),
  )
  return {
    Post: {
      isHidden: ({ id }, _args, context) => isHidden(context).load(id),
    },
  } satisfies Resolvers
}
