import { inTransaction } from '../database.ts'
import { deletePublishedPost } from './post-change-store.ts'
import { reportAudience, type Settling } from './settlement.ts'
import { findUnsettledPost } from './settlement-store.ts'

/**
 * Deletes a post of its author. The post disappears at once. Access to its media is closed before this returns or, if
 * `communication` does not answer, as soon as it does.
 *
 * @returns false if the author has no such post
 */
export async function deletePost(settling: Settling, authorId: string, postId: string): Promise<boolean> {
  const { db, clock, reportActivity } = settling
  const now = clock()
  const isDeleted = await inTransaction(db, async (tx) => {
    if (!(await deletePublishedPost(tx, postId, authorId, now))) return false
    await reportActivity(tx, { kind: 'DELETED', postId, authorId, occurredAt: now })
    return true
  })
  if (!isDeleted) return false
  const post = await findUnsettledPost(db, postId)
  if (!post) return true
  // Settlement would report it too; reporting at once is only sooner.
  await reportAudience(settling, post).catch(() => {})
  return true
}
