import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { ChangingLikes } from './change-like.ts'
import { likePostResolvers } from './resolvers/like-post.ts'
import { unlikePostResolvers } from './resolvers/unlike-post.ts'

/** The dependencies of this module. */
export type LikesDeps = Pick<Resources, 'db' | 'clock'> & {
  posts: PostLoadersOf
  reportActivity: ActivityModule['reportActivity']
}

/** Likes of posts. */
export function likesModule({ db, clock, posts, reportActivity }: LikesDeps): Module {
  const likes: ChangingLikes = { db, clock, reportActivity }
  return {
    resolvers: mergeResolvers([likePostResolvers({ likes, posts }), unlikePostResolvers({ likes, posts })]),
  }
}
