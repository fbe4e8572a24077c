import DataLoader from 'dataloader'
import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../database.ts'
import { findLikedComments } from '../comment-like-store.ts'

/** `Comment.likedByViewer` */
export function commentLikedByViewerResolvers({ pool }: { pool: Pool }) {
  const likedByViewer = perRequest(
    ({ viewerId }: Context) =>
      new DataLoader(
        async (ids: readonly string[]) =>
          viewerId === null ? ids.map(() => false) : findLikedComments(pool, viewerId, ids),
        // Not cached: this request may itself add a like or take one back.
        { cache: false },
      ),
  )
  return {
    Comment: {
      likedByViewer: ({ id }, _args, context) => likedByViewer(context).load(id),
    },
  } satisfies Resolvers
}
