import { randomBytes } from 'node:crypto'
import type { Db } from '../database.ts'

/** The progress of an account deletion; `erasedAt` is null until storage and blog have finished. */
export type Erasure = { receipt: string; requestedAt: Date; erasedAt: Date | null }

/** The other services that store content of users. */
export type ErasingService = 'storage' | 'blog'

/**
 * Locks a user and returns the key of the handle; null if the user does not exist. Call it first in a transaction,
 * because transactions that change the user's relationships lock the user first as well.
 */
export async function lockUser(tx: Db, userId: string): Promise<string | null> {
  const [user] = await tx.$queryRaw<{ handle_key: string }[]>`
    SELECT handle_key FROM users WHERE id = ${userId}::uuid FOR UPDATE`
  return user?.handle_key ?? null
}

/**
 * Deletes the audience lists of a locked user. Call it before `eraseRegister`, because a report of a post locks the list
 * of the post before the post and its media.
 */
export async function eraseLists(tx: Db, userId: string): Promise<void> {
  await tx.audienceList.deleteMany({ where: { ownerId: userId } })
}

/** Deletes the row of a user, and records the deletion. */
export async function deleteUser(tx: Db, userId: string, requestedAt: Date): Promise<Erasure> {
  await tx.user.delete({ where: { id: userId }, select: { id: true } })
  const receipt = randomBytes(18).toString('base64url')
  await tx.erasure.create({ data: { userId, receipt, requestedAt }, select: { userId: true } })
  return { receipt, requestedAt, erasedAt: null }
}

/** Deletes a user's media and posts from the media register, and the record of which media the user may no longer play. */
export async function eraseRegister(db: Db, userId: string): Promise<void> {
  await db.post.deleteMany({ where: { ownerId: userId } })
  await db.media.deleteMany({ where: { ownerId: userId } })
  await db.viewerRevocation.deleteMany({ where: { viewerId: userId } })
  await db.revocationClock.deleteMany({ where: { ownerId: userId } })
}

/**
 * Deletes other users' notifications about a user, and the record of likes that the user took back, in small batches.
 */
export async function eraseNews(db: Db, userId: string): Promise<void> {
  let erased: number
  do {
    erased = await db.$executeRaw`
      DELETE FROM notifications WHERE (user_id, position) IN (
        SELECT user_id, position FROM notifications WHERE actor_id = ${userId}::uuid OR post_author_id = ${userId}::uuid
        LIMIT 1000 FOR UPDATE SKIP LOCKED)`
  } while (erased > 0)
  do {
    erased = await db.$executeRaw`
      DELETE FROM retractions WHERE subject IN (
        SELECT subject FROM retractions WHERE actor_id = ${userId}::uuid
        LIMIT 1000 FOR UPDATE SKIP LOCKED)`
  } while (erased > 0)
}

/** Records that another service has erased a user's data. */
export async function markErased(db: Db, userId: string, service: ErasingService, now: Date): Promise<void> {
  const column = service === 'storage' ? 'storageErasedAt' : 'blogErasedAt'
  await db.erasure.updateMany({ where: { userId, [column]: null }, data: { [column]: now } })
}

/** Finds the progress of a deletion; null if the receipt was never issued. */
export async function findErasure(db: Db, receipt: string): Promise<Erasure | null> {
  const row = await db.erasure.findUnique({
    where: { receipt },
    select: { requestedAt: true, storageErasedAt: true, blogErasedAt: true },
  })
  if (!row) return null
  const { requestedAt, storageErasedAt: storage, blogErasedAt: blog } = row
  return { receipt, requestedAt, erasedAt: storage && blog && new Date(Math.max(+storage, +blog)) }
}
