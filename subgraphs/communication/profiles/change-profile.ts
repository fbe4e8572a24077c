import { type Db, inTransaction, type RootDb } from '../database.ts'
import { recordPostIn } from '../media-register/post-audience.ts'
import { findKnownPost } from '../media-register/post-audience-store.ts'
import type { OnMediaRevoked } from '../media-register/register-store.ts'
import { enterName } from '../search/fold-unfolded.ts'
import type { ProfileChange } from './profile-input.ts'
import { isOwnImage, lockProfile, writeProfile } from './profile-store.ts'

/** The result of a profile change. */
export type ProfileChanged = 'changed' | 'no such user' | 'no such image'

/**
 * Changes a profile in one transaction: the displayed fields, the search entries, and who may see the avatar. The media
 * register stores the profile as a post with the user's id, which shows the avatar to everyone who is not blocked.
 */
export async function changeProfile(
  db: RootDb,
  userId: string,
  change: ProfileChange,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<ProfileChanged> {
  const changing = inTransaction(db, async (tx): Promise<ProfileChanged> => {
    const before = await lockProfile(tx, userId)
    if (!before) return 'no such user'
    const { avatarId } = change
    if (avatarId && !(await isOwnImage(tx, userId, avatarId))) return 'no such image'
    const user = await writeProfile(tx, userId, change)
    if (change.displayName !== undefined) await enterName(tx, user)
    if (avatarId !== undefined && avatarId !== before.avatarId) {
      await showAvatar(tx, userId, avatarId, now, onRevoked)
    }
    return 'changed'
  })
  return changing.catch((error: unknown) => {
    if (error instanceof ImageDeleted) return 'no such image'
    throw error
  })
}

/** Undoes the transaction: the image that it shows was deleted after the transaction had begun. */
class ImageDeleted extends Error {}

async function showAvatar(
  tx: Db,
  userId: string,
  avatarId: string | null,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<void> {
  const known = await findKnownPost(tx, userId)
  const unknown = await recordPostIn(
    tx,
    {
      postId: userId,
      ownerId: userId,
      mediaIds: avatarId === null ? [] : [avatarId],
      audience: 'PUBLIC',
      deletesMedia: false,
      revision: (known?.revision ?? 0) + 1,
    },
    now,
    { onRevoked },
  )
  if (unknown.length > 0) throw new ImageDeleted()
}
