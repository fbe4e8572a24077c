import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'

/** An account that is about to be made. */
export type NewAccount = {
  id: string
  handle: string
  handleKey: string
  displayName: string
  passwordHash: string
  createdAt: Date
}

/**
 * Makes an account.
 *
 * @returns false where the handle is taken
 */
export async function insertAccount(db: PrismaClient, account: NewAccount): Promise<boolean> {
  // One row or none: unlike catching a unique violation, this leaves nothing in the server's error log.
  const { count } = await db.user.createMany({ data: [account], skipDuplicates: true })
  return count === 1
}

/** What is needed to check a password; null where nobody has the handle. */
export function findCredentials(
  db: PrismaClient,
  handleKey: string,
): Promise<{ id: string; passwordHash: string | null } | null> {
  return db.user.findUnique({ where: { handleKey }, select: { id: true, passwordHash: true } })
}
