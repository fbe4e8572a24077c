import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import type { PostLoadersOf } from '../post-loaders.ts'
import { fromCursor, postList, toCursor } from '../post-position.ts'
import { visiblePost } from '../visible-post.ts'

/** `Moblog.posts` */
export function moblogPostsResolvers({ posts }: { posts: PostLoadersOf }) {
  return {
    Moblog: {
      async posts({ id, relationship }, args, context) {
        const list = postList(id)
        const request = readPageRequest(args, list)
        const after = request.after && fromCursor(request.after)
        const key = { moblogId: id, relationship, count: request.first + 1, after }
        const rows = await posts(context).page.load(key)
        return toConnection(rows, request, list, toCursor, (row) => visiblePost(row, relationship))
      },
    },
  } satisfies Resolvers
}
