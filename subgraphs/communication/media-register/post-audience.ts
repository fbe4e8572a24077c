import type { Audience, SetPostAudienceInput } from '../../../generated/graphql/internal/communication.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import {
  findKnownPost,
  findUnknownMedia,
  holdMedia,
  holdPost,
  replaceMedia,
  widenOrNarrow,
} from './post-audience-store.ts'
import type { OnMediaRevoked } from './register-store.ts'

const BREADTH: Record<Audience, number> = { ONLY_ME: 0, FRIENDS: 1, PUBLIC: 2 }

/** Whether some viewers who could play the media before no longer can. */
function isNarrower(now: Audience, before: Audience): boolean {
  return BREADTH[now] < BREADTH[before]
}

/**
 * Records which media a post shows and to which audience, and gives each media file the widest audience of its posts.
 * If the audience of a media file becomes narrower, its older tokens are revoked.
 *
 * @returns the media that the register does not know as the owner's; if there are any, nothing was changed
 */
export function recordPost(
  db: RootDb,
  post: SetPostAudienceInput,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<string[]> {
  return inTransaction(db, (tx) => recordPostIn(tx, post, now, onRevoked))
}

/** Does the same as part of a transaction, as its last step. */
export async function recordPostIn(
  tx: Db,
  post: SetPostAudienceInput,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<string[]> {
  const known = await findKnownPost(tx, post.postId)
  if (known && known.ownerId !== post.ownerId) throw new Error('the post belongs to another user')
  if (known && known.revision >= post.revision) return []
  const unknown = await findUnknownMedia(tx, post)
  if (unknown.length > 0) return unknown
  if (!(await holdPost(tx, post))) return []
  const before = await holdMedia(tx, post)
  await replaceMedia(tx, post)
  const changed = await widenOrNarrow(tx, [...before.keys()], now)
  for (const media of changed.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (isNarrower(media.audience, before.get(media.id) ?? 'ONLY_ME')) {
      await onRevoked(tx, media.id, media.revokedAt ?? now)
    }
  }
  return []
}
