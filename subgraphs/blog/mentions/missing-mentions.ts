import type { Communication } from '../access/communication.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { handlesIn } from '../text-entities/text-entities.ts'
import {
  addMentions,
  findMentioningPost,
  findMentionsIn,
  lockVersion,
  type MentioningPost,
} from './mention-store.ts'

/** The dependencies of `addMissingMentions`. */
export type MissingMentionsDeps = { db: RootDb; communication: Pick<Communication, 'userIdsByHandles'> }

/**
 * Finds the users whom a post mentions and who are not saved yet, and saves them. Repeating it changes nothing. The mentions
 * of a post that is not published yet are reported when it is.
 *
 * @param joinedBy returns the instant after which users must not have joined; null for no limit
 * @param onAdded called in the same transaction with all users whom the published post mentions
 */
export async function addMissingMentions(
  { db, communication }: MissingMentionsDeps,
  postId: string,
  joinedBy: ((post: MentioningPost) => Date) | null,
  onAdded: (tx: Db, post: MentioningPost, mentionedIds: string[]) => Promise<void>,
): Promise<void> {
  const post = await findMentioningPost(db, postId)
  if (!post || post.state === 'DELETED') return
  const known = await findMentionsIn(db, postId)
  const unknown = handlesIn(post.text).filter((handle) => !known.has(handle))
  if (unknown.length === 0) return
  const users = await communication.userIdsByHandles(post.moblogId, unknown, joinedBy?.(post))
  if (users.size === 0) return
  await inTransaction(db, async (tx) => {
    // An edit since then has looked for the users itself.
    const state = await lockVersion(tx, post)
    if (state === null || state === 'DELETED') return
    await addMentions(tx, postId, users)
    if (state === 'PUBLISHED') await onAdded(tx, post, [...new Set([...known.values(), ...users.values()])])
  })
}
