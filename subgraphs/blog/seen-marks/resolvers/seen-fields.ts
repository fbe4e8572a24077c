import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isSeen } from '../is-seen.ts'
import type { SeenLoadersOf } from '../seen-loaders.ts'

/** `Moblog.unseenCount` and `Post.seenByViewer` */
export function seenFieldsResolvers({ seen }: { seen: SeenLoadersOf }) {
  return {
    Moblog: {
      unseenCount: (moblog, _args, context) =>
        moblog.id === context.viewerId ? 0 : seen(context).unseenCount.load(moblog),
    },
    Post: {
      seenByViewer: async (post, _args, context) =>
        post.moblogId === context.viewerId || isSeen(post, await seen(context).mark.load(post.moblogId)),
    },
  } satisfies Resolvers
}
