import type { SetPostAudienceInput } from '../../../generated/graphql/internal/communication.ts'
import { nextRevocation } from '../access/revocation-store.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { isNarrower } from './audience-breadth.ts'
import {
  findAudiences,
  findKnownPost,
  findUnknownMedia,
  forgetPost,
  holdAudienceList,
  holdMedia,
  holdPost,
  markRevoked,
  markUnshownGone,
  replaceMedia,
  writePost,
} from './post-audience-store.ts'
import type { OnMediaRevoked } from './register-store.ts'

/** Called in the same transaction when the last post that shows a media file has expired. */
export type OnMediaUnshown = (tx: Db, media: { id: string; ownerId: string }) => Promise<void>

/** What else happens in the transaction that records a post. */
export type PostEffects = { onRevoked: OnMediaRevoked; onUnshown: OnMediaUnshown }

/**
 * Records which media a post shows and to which audience. If the audience of a media file becomes narrower, its older
 * tokens are revoked.
 *
 * @returns the media that the register does not know as the owner's; if there are any, nothing was changed
 */
export function recordPost(
  db: RootDb,
  post: SetPostAudienceInput,
  now: Date,
  effects: PostEffects,
): Promise<string[]> {
  return inTransaction(db, (tx) => recordPostIn(tx, post, now, effects))
}

/** Does the same as part of a transaction, as its last step. */
export async function recordPostIn(
  tx: Db,
  post: SetPostAudienceInput,
  now: Date,
  { onRevoked, onUnshown }: Pick<PostEffects, 'onRevoked'> & Partial<PostEffects>,
): Promise<string[]> {
  const known = await findKnownPost(tx, post.postId)
  if (known && known.ownerId !== post.ownerId) throw new Error('the post belongs to another user')
  if (known && known.revision >= post.revision) return []
  await holdAudienceList(tx, post)
  if (!(await holdPost(tx, post))) return []
  const held = await holdMedia(tx, post)
  // Checked under the locks, because the last other post that shows a media file may expire now.
  const unknown = await findUnknownMedia(tx, post)
  if (unknown.length > 0) {
    if (!known) await forgetPost(tx, post.postId)
    return unknown
  }
  await revokeNarrowed(tx, { ownerId: post.ownerId, mediaIds: held }, now, onRevoked, async () => {
    await writePost(tx, post)
    await replaceMedia(tx, post)
  })
  if (!post.deletesMedia || !onUnshown || held.length === 0) return []
  const until = await nextRevocation(tx, [post.ownerId], now)
  for (const id of await markUnshownGone(tx, held, { now, until })) {
    await onRevoked(tx, id, until)
    await onUnshown(tx, { id, ownerId: post.ownerId })
  }
  return []
}

/** Makes a change of posts that show locked media of a user, and revokes the tokens for media whose audience becomes narrower. */
export async function revokeNarrowed(
  tx: Db,
  { ownerId, mediaIds }: { ownerId: string; mediaIds: readonly string[] },
  now: Date,
  onRevoked: OnMediaRevoked,
  change: () => Promise<void>,
): Promise<void> {
  const before = await findAudiences(tx, mediaIds)
  await change()
  const after = await findAudiences(tx, mediaIds)
  const narrowed = mediaIds.filter((id) => isNarrower(after.get(id) ?? [], before.get(id) ?? []))
  if (narrowed.length === 0) return
  const until = await nextRevocation(tx, [ownerId], now)
  await markRevoked(tx, narrowed, until)
  for (const id of narrowed) await onRevoked(tx, id, until)
}
