import type { Context } from '../context.ts'
import type { Db } from '../database.ts'
import { type FailureResult, requestFailed } from '../failures.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { isCommentPresent } from './comment-change-store.ts'
import type { NewComment } from './comment-input.ts'
import type { CommentLoadersOf } from './comment-loaders.ts'
import { type FindingNotifiedAuthor, type NotifiedAuthor, notifiedAuthor } from './notified-author.ts'

/** What a new comment replies to. */
export type ReplyTarget = {
  /** The comment below which the reply is listed. */
  id: string
  /** The author of the comment that the viewer answers; null if that author is not to be notified. */
  notified: NotifiedAuthor | null
}

/** The dependencies of `findReplyTarget`. */
export type FindingReplyTargets = FindingNotifiedAuthor & { db: Db; comments: CommentLoadersOf }

/**
 * What a new comment on a post replies to; null if it is no reply. There is one level of replies: a reply to a reply is
 * listed below the comment that the latter replies to, unless that comment was deleted.
 */
export async function findReplyTarget(
  deps: FindingReplyTargets,
  { post, newComment, context }: { post: VisiblePost; newComment: NewComment; context: Context },
): Promise<ReplyTarget | FailureResult | null> {
  const { db, comments } = deps
  if (newComment.replyToId === null || context.viewerId === null) return null
  const answered = await comments(context).comment.load(newComment.replyToId)
  if (answered?.postId !== post.id) {
    return requestFailed('NOT_FOUND', 'The comment to reply to does not exist, or you may not see it.')
  }
  const { id, replyToId } = answered
  const isBelow = replyToId !== null && (await isCommentPresent(db, replyToId))
  const notified = await notifiedAuthor(deps, answered, context.viewerId)
  return { id: isBelow ? replyToId : id, notified }
}
