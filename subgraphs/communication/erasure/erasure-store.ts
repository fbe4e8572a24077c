import { createHash, randomBytes } from 'node:crypto'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { attemptsAt } from '../accounts/attempts.ts'
import { endUser, type RevocationTime } from '../accounts/session-revocations.ts'

type Transaction = Prisma.TransactionClient

/** The progress of an account deletion; `erasedAt` is null until storage and blog have finished. */
export type Erasure = { receipt: string; requestedAt: Date; erasedAt: Date | null }

/** The other services that store content of users. */
export type ErasingService = 'storage' | 'blog'

/**
 * Deletes an account in one transaction. After the commit, the user does not exist in any answer.
 *
 * @param onDeleted called last in the same transaction
 * @returns null if the account no longer exists
 */
export function deleteUser(
  db: PrismaClient,
  userId: string,
  time: RevocationTime,
  onDeleted: (tx: Transaction) => Promise<void>,
): Promise<Erasure | null> {
  return db.$transaction(async (tx) => {
    // Locked before any row of the user, because transactions that change the user's relationships lock the user first
    // as well.
    const [user] = await tx.$queryRaw<{ handle_key: string }[]>`
      SELECT handle_key FROM users WHERE id = ${userId}::uuid FOR UPDATE`
    if (!user) return null
    await endUser(tx, userId, time)
    await tx.retiredHandle.createMany({ data: [{ hash: handleHash(user.handle_key) }], skipDuplicates: true })
    await tx.identityProviderAccount.updateMany({
      where: { userId },
      data: { userId: null, endedAt: time.now },
    })
    const attempts = [user.handle_key, userId].map(attemptsAt)
    await tx.$executeRaw`
      DELETE FROM password_attempts USING unnest(${attempts}::text[]) AS own (key)
      WHERE password_attempts.key = own.key OR starts_with(password_attempts.key, own.key || ' from ')`
    await eraseRegister(tx, userId)
    await tx.user.delete({ where: { id: userId }, select: { id: true } })
    const receipt = randomBytes(18).toString('base64url')
    await tx.erasure.create({ data: { userId, receipt, requestedAt: time.now }, select: { userId: true } })
    await onDeleted(tx)
    return { receipt, requestedAt: time.now, erasedAt: null }
  })
}

/** Deletes a user's media and posts from the media register. */
export async function eraseRegister(db: PrismaClient | Transaction, userId: string): Promise<void> {
  await db.post.deleteMany({ where: { ownerId: userId } })
  await db.media.deleteMany({ where: { ownerId: userId } })
}

/**
 * Deletes other users' notifications about a user, and the record of likes that the user took back, in small batches.
 */
export async function eraseNews(db: PrismaClient, userId: string): Promise<void> {
  let erased: number
  do {
    erased = await db.$executeRaw`
      DELETE FROM notifications WHERE (user_id, position) IN (
        SELECT user_id, position FROM notifications WHERE actor_id = ${userId}::uuid
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
export async function markErased(
  db: PrismaClient,
  userId: string,
  service: ErasingService,
  now: Date,
): Promise<void> {
  const column = service === 'storage' ? 'storageErasedAt' : 'blogErasedAt'
  await db.erasure.updateMany({ where: { userId, [column]: null }, data: { [column]: now } })
}

/** Finds the progress of a deletion; null if the receipt was never issued. */
export async function findErasure(db: PrismaClient, receipt: string): Promise<Erasure | null> {
  const row = await db.erasure.findUnique({
    where: { receipt },
    select: { requestedAt: true, storageErasedAt: true, blogErasedAt: true },
  })
  if (!row) return null
  const { requestedAt, storageErasedAt: storage, blogErasedAt: blog } = row
  return { receipt, requestedAt, erasedAt: storage && blog && new Date(Math.max(+storage, +blog)) }
}

/** Returns the hash of a deleted account's handle, which is kept so that no other user gets the handle. */
export function handleHash(handleKey: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(handleKey).digest())
}
