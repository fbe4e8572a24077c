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
import type { VisibleComment } from './visible-comment.ts'

/** The dependencies of changing comments. */
export type ChangingComments = { db: RootDb; clock: Clock; reportActivity: ReportActivity }

/** The outcome of adding a comment. */
export type CommentOutcome = { kind: 'added'; commentId: string } | { kind: 'deletedSince' | 'noSuchPost' }

/**
 * Adds a comment to a published post and counts it. Repeating a client mutation id of the same author adds no second
 * comment. The post is locked while the comment gets its number, so comments become visible in the order of their
 * numbers and no page skips one.
 */
export async function addComment(
  { db, clock, reportActivity }: ChangingComments,
  authorId: string,
  newComment: NewComment,
): Promise<CommentOutcome> {
  const now = clock()
  const existing = await findRepeated(db, authorId, newComment)
  if (existing) return existing
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
        clientMutationId,
      })
      if (authorId === moblogId) return
      const happened = { postId, authorId: moblogId, occurredAt: now }
      await reportActivity(tx, { kind: 'COMMENTED', actorId: authorId, commentId, ...happened })
    })
    return { kind: 'added', commentId }
  } catch (error) {
    if (isMissingPost(error)) return { kind: 'noSuchPost' }
    const repeated = isRepeatedComment(error) && (await findRepeated(db, authorId, newComment))
    if (repeated) return repeated
    throw error
  }
}

async function findRepeated(
  db: RootDb,
  authorId: string,
  { clientMutationId }: NewComment,
): Promise<CommentOutcome | null> {
  const comment = clientMutationId && (await findRepeatedComment(db, authorId, clientMutationId))
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
    const isEmptied = await emptyComment(tx, commentId, now)
    if (!isEmptied || actorId === authorId) return
    const happened = { postId, authorId, actorId, commentId, occurredAt: now }
    await reportActivity(tx, { kind: 'COMMENT_DELETED', ...happened })
  })
}
