import type { ReportActivity } from '../activity/activity-reports.ts'
import { type FindingNotifiedAuthor, notifiedAuthor } from '../comments/notified-author.ts'
import type { VisibleComment } from '../comments/visible-comment.ts'
import { inTransaction, type RootDb } from '../database.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { deleteCommentLike, insertCommentLike, type LikedComment } from './comment-like-store.ts'

/** The dependencies of changing likes of comments. */
export type ChangingCommentLikes = FindingNotifiedAuthor & {
  db: RootDb
  reportActivity: ReportActivity
}

/** Adds a user's like to a comment and reports it, unless the user already likes the comment. */
export async function addCommentLike(
  changing: ChangingCommentLikes,
  post: VisiblePost,
  comment: VisibleComment,
  actorId: string,
): Promise<void> {
  const { db, reportActivity } = changing
  const notified = await notifiedAuthor(changing, comment, actorId)
  await inTransaction(db, async (tx) => {
    const [changed] = await insertCommentLike(tx, comment.id, actorId)
    if (!changed || !notified) return
    const { id: commentAuthorId, audience } = notified
    const happened = { postId: post.id, authorId: post.moblogId, actorId, ...changed }
    await reportActivity(tx, {
      kind: 'COMMENT_LIKED',
      commentId: comment.id,
      commentAuthorId,
      audience,
      ...happened,
    })
  })
}

/** Takes back a user's like of a comment and reports it. */
export async function removeCommentLike(
  { db, reportActivity }: ChangingCommentLikes,
  { id: commentId, postId, authorId: commentAuthorId, moblogId: authorId }: LikedComment,
  actorId: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [changed] = await deleteCommentLike(tx, commentId, actorId)
    if (!changed || commentAuthorId === actorId) return
    await reportActivity(tx, { kind: 'COMMENT_UNLIKED', postId, authorId, actorId, commentId, ...changed })
  })
}
