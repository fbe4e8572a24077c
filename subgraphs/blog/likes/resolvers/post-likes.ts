import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { fromUserCursor, toUserCursor } from '../../access/user-position.ts'
import { userReference } from '../../access/user-reference.ts'
import type { LikePagesOf } from '../like-loaders.ts'

/** `Post.likes` */
export function postLikesResolvers({ likePages }: { likePages: LikePagesOf }) {
  return {
    Post: {
      async likes({ id }, args, context) {
        const list = `likes/${id.slice(-12)}`
        const request = readPageRequest(args, list)
        const key = { postId: id, count: request.first + 1, after: fromUserCursor(request.after) }
        const likers = await likePages(context).load(key)
        return toConnection(likers, request, list, toUserCursor, ({ userId }) => userReference(userId))
      },
    },
  } satisfies Resolvers
}
