import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { ChangingLikes } from './change-like.ts'
import { createLikePages } from './like-loaders.ts'
import { likePostResolvers } from './resolvers/like-post.ts'
import { postLikesResolvers } from './resolvers/post-likes.ts'
import { unlikePostResolvers } from './resolvers/unlike-post.ts'

/** The dependencies of this module. */
export type LikesDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'hiddenUserIds'>
  posts: PostLoadersOf
  reportActivity: ActivityModule['reportActivity']
}

/** Likes of posts. */
export function likesModule({ db, pool, clock, access, posts, reportActivity }: LikesDeps): Module {
  const likes: ChangingLikes = { db, clock, reportActivity }
  return {
    resolvers: mergeResolvers([
      likePostResolvers({ likes, posts }),
      unlikePostResolvers({ likes, posts }),
      postLikesResolvers({ likePages: createLikePages(pool, access) }),
    ]),
  }
}
