import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import { fromUserCursor, toUserCursor } from '../../access/user-position.ts'
import { userReference } from '../../access/user-reference.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../database.ts'
import { hasReadReceipts } from '../read-receipt-store.ts'
import type { ViewLoadersOf } from '../view-loaders.ts'

/** `Post.viewCount` and `Post.viewers` */
export function postViewsResolvers({ pool, views }: { pool: Pool; views: ViewLoadersOf }) {
  const seesViewers = perRequest(async ({ viewerId }: Context) =>
    viewerId === null ? false : hasReadReceipts(pool, viewerId),
  )
  return {
    Post: {
      viewCount: ({ id }, _args, context) => views(context).total.load(id),
      async viewers({ id, moblogId, audience }, args, context) {
        const list = `viewers/${id.slice(-12)}`
        const request = readPageRequest(args, list)
        const key = { postId: id, count: request.first + 1, after: fromUserCursor(request.after) }
        if (moblogId !== context.viewerId || audience === 'PUBLIC') return null
        if (!(await seesViewers(context))) return null
        const viewers = await views(context).viewers.load(key)
        const page = toConnection(viewers, request, list, toUserCursor, (row) => row)
        const edges = page.edges.map(({ cursor, node: { userId, at } }) => ({
          cursor,
          node: userReference(userId),
          viewedAt: at,
        }))
        return { ...page, edges }
      },
    },
  } satisfies Resolvers
}
