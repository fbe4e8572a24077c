import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { CommentLoadersOf } from '../comments/comment-loaders.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { ChangingCommentLikes } from './change-comment-like.ts'
import { commentLikedByViewerResolvers } from './resolvers/comment-liked-by-viewer.ts'
import { likeCommentResolvers } from './resolvers/like-comment.ts'
import { unlikeCommentResolvers } from './resolvers/unlike-comment.ts'

/** The dependencies of this module. */
export type CommentLikesDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'communication'>
  posts: PostLoadersOf
  comments: CommentLoadersOf
  reportActivity: ActivityModule['reportActivity']
}

/** Likes of comments. */
export function commentLikesModule(deps: CommentLikesDeps): Module {
  const { db, pool, clock, access, posts, comments, reportActivity } = deps
  const changing: ChangingCommentLikes = {
    db,
    pool,
    clock,
    communication: access.communication,
    reportActivity,
  }
  return {
    resolvers: mergeResolvers([
      likeCommentResolvers({ changing, comments, posts }),
      unlikeCommentResolvers({ changing, comments }),
      commentLikedByViewerResolvers({ pool }),
    ]),
  }
}
