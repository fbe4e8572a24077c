import type { Db } from '../database.ts'
import type { ProfileChange } from './profile-input.ts'

/** Locks a user's profile until the transaction ends; null if the user does not exist. */
export async function lockProfile(tx: Db, userId: string): Promise<{ avatarId: string | null } | null> {
  const [row] = await tx.$queryRaw<{ avatarId: string | null }[]>`
    SELECT avatar_id AS "avatarId" FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
  return row ?? null
}

/** Whether a user owns an image with this id that is not deleted. */
export async function isOwnImage(tx: Db, ownerId: string, id: string): Promise<boolean> {
  const where = { id, ownerId, goneAt: null, mimeType: { startsWith: 'image/' } }
  return (await tx.media.count({ where })) === 1
}

/** Writes the displayed fields of a profile, and returns the user's names. */
export function writeProfile(
  tx: Db,
  userId: string,
  change: ProfileChange,
): Promise<{ id: string; handle: string; displayName: string }> {
  return tx.user.update({
    where: { id: userId },
    data: change,
    select: { id: true, handle: true, displayName: true },
  })
}
