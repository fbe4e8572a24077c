import { inTransaction } from '../database.ts'
import type { ExpiringPost } from './expiry-store.ts'
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
  if (!(await removePost(settling, authorId, postId, { hasExpired: false }))) return false
  await reportDeletion(settling, postId)
  return true
}

/** Deletes a post that has expired, and those of its media that no other post shows. */
export async function deleteExpiredPost(settling: Settling, { id, moblogId }: ExpiringPost): Promise<void> {
  if (await removePost(settling, moblogId, id, { hasExpired: true })) await reportDeletion(settling, id)
}

function removePost(
  { db, clock, reportActivity }: Settling,
  authorId: string,
  postId: string,
  { hasExpired }: { hasExpired: boolean },
): Promise<boolean> {
  const now = clock()
  return inTransaction(db, async (tx) => {
    if (!(await deletePublishedPost(tx, postId, authorId, { now, hasExpired }))) return false
    await reportActivity(tx, { kind: 'DELETED', postId, authorId, occurredAt: now })
    return true
  })
}

async function reportDeletion(settling: Settling, postId: string): Promise<void> {
  const post = await findUnsettledPost(settling.db, postId)
  // Settlement would report it too; reporting at once is only sooner.
  if (post) await reportAudience(settling, post).catch(() => {})
}
