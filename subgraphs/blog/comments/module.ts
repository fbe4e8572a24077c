import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { ChangingComments } from './change-comments.ts'
import { type CommentLoadersOf, createCommentLoaders } from './comment-loaders.ts'
import { commentResolvers } from './resolvers/comment.ts'
import { commentOnPostResolvers } from './resolvers/comment-on-post.ts'
import { commentRepliesResolvers } from './resolvers/comment-replies.ts'
import { deleteCommentResolvers } from './resolvers/delete-comment.ts'
import { postCommentsResolvers } from './resolvers/post-comments.ts'

/** The dependencies of this module. */
export type CommentsDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'communication' | 'relationships' | 'hiddenUserIds'>
  posts: PostLoadersOf
  reportActivity: ActivityModule['reportActivity']
}

/** What other modules use of this one. */
export type CommentsModule = Module & { loaders: CommentLoadersOf }

/** Comments on posts. */
export function commentsModule(deps: CommentsDeps): CommentsModule {
  const { db, pool, clock, access, posts, reportActivity } = deps
  const comments = createCommentLoaders({ pool, access, posts })
  const changing: ChangingComments = { db, clock, reportActivity }
  const finding = { db, pool, clock, communication: access.communication, comments }
  return {
    loaders: comments,
    resolvers: mergeResolvers([
      commentResolvers({ comments, posts }),
      commentRepliesResolvers({ comments }),
      postCommentsResolvers({ comments }),
      commentOnPostResolvers({ changing, finding, comments, posts }),
      deleteCommentResolvers({ changing, comments, posts }),
    ]),
  }
}
