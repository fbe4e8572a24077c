import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { handleHash } from '../erasure/erasure-store.ts'

type Db = PrismaClient | Prisma.TransactionClient

/** An account that is about to be made. */
export type NewAccount = {
  id: string
  handle: string
  handleKey: string
  displayName: string
  /** Null for someone who signs in elsewhere. */
  passwordHash: string | null
  createdAt: Date
}

/**
 * Makes an account, as a part of a transaction.
 *
 * @returns false where the handle is taken, or was before its account was deleted
 */
export async function insertAccount(tx: Prisma.TransactionClient, account: NewAccount): Promise<boolean> {
  // One row or none: unlike catching a unique violation, this leaves nothing in the server's error log.
  const { count } = await tx.user.createMany({ data: [account], skipDuplicates: true })
  if (count === 0) return false
  // Afterwards, since an account that is being deleted at the same time was waited for.
  const hash = handleHash(account.handleKey)
  if ((await tx.retiredHandle.count({ where: { hash } })) === 0) return true
  await tx.user.delete({ where: { id: account.id }, select: { id: true } })
  return false
}

/** The hash of a user's password; null where they have none. */
export async function findPasswordHash(db: Db, userId: string): Promise<string | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  return user?.passwordHash ?? null
}

/** Gives a user another password. False where the present one is not what it is thought to be. */
export async function replacePasswordHash(
  db: Db,
  userId: string,
  present: string | null,
  next: string,
): Promise<boolean> {
  const where = { id: userId, passwordHash: present }
  const { count } = await db.user.updateMany({ where, data: { passwordHash: next } })
  return count === 1
}

/** What is needed to check a password; null where nobody has the handle. */
export function findCredentials(
  db: PrismaClient,
  handleKey: string,
): Promise<{ id: string; passwordHash: string | null } | null> {
  return db.user.findUnique({ where: { handleKey }, select: { id: true, passwordHash: true } })
}
