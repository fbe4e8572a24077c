import { createHash } from 'node:crypto'
import type { Db } from '../database.ts'

/** An account to be created. */
export type NewAccount = {
  id: string
  handle: string
  handleKey: string
  displayName: string
  /** Null if the user signs in with an identity provider. */
  passwordHash: string | null
  createdAt: Date
}

/**
 * Inserts an account, as part of a transaction.
 *
 * @returns false if the handle is taken, or belonged to a deleted account
 */
export async function insertAccount(tx: Db, account: NewAccount): Promise<boolean> {
  // `skipDuplicates` inserts one row or none. Catching a unique violation would leave an entry in the server's error
  // log.
  const { count } = await tx.user.createMany({ data: [account], skipDuplicates: true })
  if (count === 0) return false
  // Checked after the insert, because the insert waits for a concurrent deletion of an account with the same handle.
  const hash = handleHash(account.handleKey)
  if ((await tx.retiredHandle.count({ where: { hash } })) === 0) return true
  await tx.user.delete({ where: { id: account.id }, select: { id: true } })
  return false
}

/** Keeps the hash of a deleted account's handle, so that no other user gets the handle. */
export async function retireHandle(tx: Db, handleKey: string): Promise<void> {
  await tx.retiredHandle.createMany({ data: [{ hash: handleHash(handleKey) }], skipDuplicates: true })
}

function handleHash(handleKey: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(handleKey).digest())
}

/** Finds the hash of a user's password; null if the user has none. */
export async function findPasswordHash(db: Db, userId: string): Promise<string | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  return user?.passwordHash ?? null
}

/**
 * Replaces a user's password hash.
 *
 * @returns false if the current hash is not `present`
 */
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

/** Finds a user's id and password hash by handle; null if no user has the handle. */
export function findCredentials(
  db: Db,
  handleKey: string,
): Promise<{ id: string; passwordHash: string | null } | null> {
  return db.user.findUnique({ where: { handleKey }, select: { id: true, passwordHash: true } })
}
