import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { recordPostIn } from '../media-register/post-audience.ts'
import type { OnMediaRevoked } from '../media-register/register-store.ts'
import { enterName } from '../search/fold-unfolded.ts'
import type { ProfileChange } from './profile-input.ts'

type Transaction = Prisma.TransactionClient

/** The result of a profile change. */
export type ProfileChanged = 'changed' | 'no such user' | 'no such image'

/**
 * Changes a profile in one transaction: the displayed fields, the search entries, and who may see the avatar. The media
 * register stores the profile as a post with the user's id, which shows the avatar to everyone who is not blocked.
 */
export function changeProfile(
  db: PrismaClient,
  userId: string,
  change: ProfileChange,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<ProfileChanged> {
  return db.$transaction(async (tx) => {
    const before = await lockProfile(tx, userId)
    if (!before) return 'no such user'
    const { avatarId } = change
    if (avatarId && !(await isOwnImage(tx, userId, avatarId))) return 'no such image'
    const user = await tx.user.update({
      where: { id: userId },
      data: change,
      select: { id: true, handle: true, displayName: true },
    })
    if (change.displayName !== undefined) await enterName(tx, user)
    if (avatarId !== undefined && avatarId !== before.avatar_id) {
      await showAvatar(tx, userId, avatarId, now, onRevoked)
    }
    return 'changed'
  })
}

async function lockProfile(tx: Transaction, userId: string) {
  const [row] = await tx.$queryRaw<{ avatar_id: string | null }[]>`
    SELECT avatar_id FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
  return row ?? null
}

async function isOwnImage(tx: Transaction, ownerId: string, id: string): Promise<boolean> {
  const where = { id, ownerId, goneAt: null, mimeType: { startsWith: 'image/' } }
  return (await tx.media.count({ where })) === 1
}

async function showAvatar(
  tx: Transaction,
  userId: string,
  avatarId: string | null,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<void> {
  const known = await tx.post.findUnique({ where: { id: userId }, select: { revision: true } })
  const unknown = await recordPostIn(
    tx,
    {
      postId: userId,
      ownerId: userId,
      mediaIds: avatarId === null ? [] : [avatarId],
      audience: 'PUBLIC',
      revision: (known?.revision ?? 0) + 1,
    },
    now,
    onRevoked,
  )
  if (unknown.length > 0)
    throw new Error('an image disappeared from the media register during the transaction')
}
