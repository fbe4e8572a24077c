import type { MoblogResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import type { BlogContext } from '../context.ts'
import type { VisibleMoblog } from '../moblogs/visible-moblog.ts'
import { fromCursor, postList, toCursor } from './post-position.ts'
import { visiblePost } from './visible-post.ts'

/** Resolver of `Moblog.posts`. */
export const moblogPosts: Pick<MoblogResolvers<BlogContext, VisibleMoblog>, 'posts'> = {
  async posts({ id, relationship }, args, { posts }): Promise<ResolversTypes['PostConnection']> {
    const list = postList(id)
    const request = readPageRequest(args, list)
    const after = request.after && fromCursor(request.after)
    const rows = await posts.page.load({ moblogId: id, relationship, count: request.first + 1, after })
    return toConnection(rows, request, list, toCursor, (row) => visiblePost(row, relationship))
  },
}
