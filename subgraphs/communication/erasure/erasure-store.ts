import { createHash, randomBytes } from 'node:crypto'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { attemptsAt } from '../accounts/attempts.ts'
import { type EndingTime, endUser } from '../accounts/endings.ts'

type Transaction = Prisma.TransactionClient

/** How far the deletion of an account has come. */
export type Erasure = { receipt: string; requestedAt: Date; erasedAt: Date | null }

/** The other services that store what users make. */
export type ErasingService = 'storage' | 'blog'

/**
 * Deletes an account in one transaction: whatever is asked about the user from then on, they don't exist.
 *
 * @param onDeleted is told in the same transaction, last
 * @returns null where there is no such account any more
 */
export function deleteUser(
  db: PrismaClient,
  userId: string,
  time: EndingTime,
  onDeleted: (tx: Transaction) => Promise<void>,
): Promise<Erasure | null> {
  return db.$transaction(async (tx) => {
    // Before anything of theirs: whoever changes what the user is to others holds the user first as well.
    const [user] = await tx.$queryRaw<{ handle_key: string }[]>`
      SELECT handle_key FROM users WHERE id = ${userId}::uuid FOR UPDATE`
    if (!user) return null
    await endUser(tx, userId, time)
    await tx.retiredHandle.createMany({ data: [{ hash: handleHash(user.handle_key) }], skipDuplicates: true })
    await tx.outsideIdentity.updateMany({ where: { userId }, data: { userId: null, endedAt: time.now } })
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

/** Erases what is known here about a user's media and posts. */
export async function eraseRegister(db: PrismaClient | Transaction, userId: string): Promise<void> {
  await db.post.deleteMany({ where: { ownerId: userId } })
  await db.media.deleteMany({ where: { ownerId: userId } })
}

/** Erases what others were told about a user, and which likes the user took back, in small batches. */
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

/** Another service has erased what it had of a user. */
export async function markErased(
  db: PrismaClient,
  userId: string,
  service: ErasingService,
  now: Date,
): Promise<void> {
  const column = service === 'storage' ? 'storageErasedAt' : 'blogErasedAt'
  await db.erasure.updateMany({ where: { userId, [column]: null }, data: { [column]: now } })
}

/** How far a deletion has come; null for a receipt that was never given. */
export async function findErasure(db: PrismaClient, receipt: string): Promise<Erasure | null> {
  const row = await db.erasure.findUnique({
    where: { receipt },
    select: { requestedAt: true, storageErasedAt: true, blogErasedAt: true },
  })
  if (!row) return null
  const { requestedAt, storageErasedAt: storage, blogErasedAt: blog } = row
  return { receipt, requestedAt, erasedAt: storage && blog && new Date(Math.max(+storage, +blog)) }
}

/** What is kept of the handle of a deleted account, so that nobody gets it again. */
export function handleHash(handleKey: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(handleKey).digest())
}
