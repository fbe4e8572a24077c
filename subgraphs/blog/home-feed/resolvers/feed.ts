import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { fromCursor, toCursor } from '../../posts/post-position.ts'
import { type ReadHomeFeedDeps, readHomeFeed } from '../read-home-feed.ts'

const LIST = 'feed'

/** `Query.feed` */
export function feedResolvers(deps: ReadHomeFeedDeps) {
  return {
    Query: {
      async feed(_root, args, context) {
        const request = readPageRequest(args, LIST)
        const after = request.after && fromCursor(request.after)
        const page = { after, count: request.first + 1 }
        const { viewerId } = context
        const posts = viewerId === null ? [] : await readHomeFeed(deps, viewerId, page, context)
        return toConnection(posts, request, LIST, toCursor, (post) => post)
      },
    },
  } satisfies Resolvers
}
