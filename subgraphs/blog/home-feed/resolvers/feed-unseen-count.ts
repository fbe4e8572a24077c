import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { type CountUnseenDeps, countUnseenInFeed } from '../count-unseen.ts'

/** `Query.feedUnseenCount` */
export function feedUnseenCountResolvers(deps: CountUnseenDeps) {
  return {
    Query: {
      feedUnseenCount: (_root, _args, context) =>
        context.viewerId === null ? 0 : countUnseenInFeed(deps, context.viewerId, context),
    },
  } satisfies Resolvers
}
