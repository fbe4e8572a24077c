import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { inTransaction, type RootDb } from '../database.ts'
import {
  countComment,
  emptyComment,
  findRepeatedComment,
  insertComment,
  isMissingPost,
  isRepeatedComment,
} from './comment-change-store.ts'
import type { NewComment } from './comment-input.ts'
import type { ReplyTarget } from './reply-target.ts'
import type { VisibleComment } from './visible-comment.ts'

/** The dependencies of changing comments. */
export type ChangingComments = { db: RootDb; clock: Clock; reportActivity: ReportActivity }

/** The outcome of adding a comment. */
export type CommentOutcome = { kind: 'added'; commentId: string } | { kind: 'deletedSince' | 'noSuchPost' }

/**
 * Adds a comment to a published post and counts it. Repeating a client mutation id of the same author on the same post
 * adds no second comment; call `findRepeated` first. The post is locked while the comment gets its number, so comments become visible in
 * the order of their numbers and no page skips one.
 */
export async function addComment(
  { db, clock, reportActivity }: ChangingComments,
  authorId: string,
  newComment: NewComment,
  replyTo: ReplyTarget | null,
): Promise<CommentOutcome> {
  const now = clock()
  const { postId, text, clientMutationId } = newComment
  const commentId = newId()
  try {
    await inTransaction(db, async (tx) => {
      const { number, moblogId } = await countComment(tx, postId, authorId, now)
      await insertComment(tx, {
        id: commentId,
        postId,
        number,
        authorId,
        text,
        createdAt: now,
        replyToId: replyTo?.id ?? null,
        likeCount: 0,
        clientMutationId,
      })
      const happened = { postId, authorId: moblogId, actorId: authorId, commentId, occurredAt: now }
      if (authorId !== moblogId) await reportActivity(tx, { kind: 'COMMENTED', ...happened })
      const notified = replyTo?.notified
      // The author of the post is already notified of the comment.
      if (!notified || notified.id === moblogId) return
      const { id: commentAuthorId, audience } = notified
      await reportActivity(tx, { kind: 'REPLIED', commentAuthorId, audience, ...happened })
    })
    return { kind: 'added', commentId }
  } catch (error) {
    if (isMissingPost(error)) return { kind: 'noSuchPost' }
    const repeated = isRepeatedComment(error) && (await findRepeated(db, authorId, newComment))
    if (repeated) return repeated
    throw error
  }
}

/**
 * The outcome of the earlier call with the same client mutation id; null if there was none. An id that was used on another post does
 * not count, because the answer would depend on whether that post still exists, also if it is hidden from the author.
 */
export async function findRepeated(
  db: RootDb,
  authorId: string,
  { postId, clientMutationId }: NewComment,
): Promise<CommentOutcome | null> {
  const comment = clientMutationId && (await findRepeatedComment(db, { authorId, postId, clientMutationId }))
  if (!comment) return null
  return comment.deletedAt ? { kind: 'deletedSince' } : { kind: 'added', commentId: comment.id }
}

/** Deletes a comment, subtracts it from the counts and reports the deletion. */
export async function removeComment(
  { db, clock, reportActivity }: ChangingComments,
  { id: commentId, postId, authorId: actorId }: Pick<VisibleComment, 'id' | 'postId' | 'authorId'>,
  { moblogId: authorId }: { moblogId: string },
): Promise<void> {
  const now = clock()
  await inTransaction(db, async (tx) => {
    const emptied = await emptyComment(tx, commentId, now)
    if (!emptied || (actorId === authorId && !emptied.hasNotified)) return
    const happened = { postId, authorId, actorId, commentId, occurredAt: now }
    await reportActivity(tx, { kind: 'COMMENT_DELETED', ...happened })
  })
}
