import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { fromCursor } from '../../posts/post-position.ts'
import type { HiddenPosition } from '../hidden-post-store.ts'
import { type ReadHiddenDeps, readHiddenPosts } from '../read-hidden-posts.ts'

const LIST = 'hiddenPosts'

/** `Query.hiddenPosts` */
export function hiddenPostsResolvers(deps: ReadHiddenDeps) {
  return {
    Query: {
      async hiddenPosts(_root, args, context) {
        const request = readPageRequest(args, LIST)
        const page = { after: request.after && hiddenPosition(request.after), count: request.first + 1 }
        const { viewerId } = context
        const hidden = viewerId === null ? [] : await readHiddenPosts(deps, viewerId, page, context)
        return toConnection(
          hidden,
          request,
          LIST,
          ({ hiddenAt, id }) => [hiddenAt.toISOString(), id],
          ({ post }) => post,
        )
      },
    },
  } satisfies Resolvers
}

function hiddenPosition(parts: readonly string[]): HiddenPosition {
  const { publishedAt: hiddenAt, id } = fromCursor(parts)
  return { hiddenAt, id }
}
