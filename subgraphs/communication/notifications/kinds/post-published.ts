import { z } from 'zod'
import { inTransaction, type RootDb } from '../../database.ts'
import { requireIds } from '../../require-ids.ts'
import { isNotifiedOfMention } from '../mention-store.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver, MAX_RECIPIENTS } from '../notification-store.ts'
import { findReaders } from '../recipients-store.ts'
import { reference } from '../references.ts'
import { liftRetraction, postSubject, retract, shownSubject } from '../retraction-store.ts'

const SHARE = 'share-post'

const share = z.object({
  postId: z.string(),
  authorId: z.string(),
  // Missing in messages that were queued by earlier versions.
  audience: z.enum(['PUBLIC', 'FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST']).default('FRIENDS'),
  audienceListId: z.string().nullable().default(null),
  at: z.coerce.date(),
})

export const kind: NotificationKind<'PostPublished'> = {
  name: 'POST_PUBLISHED',
  type: 'PostPublished',
  resolvers: { post: ({ postId }) => reference(postId) },
  onPostActivity: {
    // Notifying all of the author's friends is left to a job, because there may be thousands.
    PUBLISHED: ({ db, enqueue }, { postId, authorId, occurredAt: at, ...post }) =>
      inTransaction(db, async (tx) => {
        const { audience, audienceListId } = post
        if (audienceListId != null) requireIds(audienceListId)
        await liftRetraction(tx, shownSubject(postId), at)
        const payload = {
          postId,
          authorId,
          audience: audience ?? 'FRIENDS',
          audienceListId: audienceListId ?? null,
          at,
        }
        await enqueue(tx, SHARE, { key: postId, payload })
      }),
    HIDDEN: ({ db }, { postId, occurredAt: at }) =>
      retract(db, { subject: shownSubject(postId), actorId: null, at }),
  },
  hiddenBySubjects: (n) => [`'${shownSubject('')}' || ${n}.post_id`],
  isFromFriendsOnly: true,
  // For each post and user there is one of the two. The mention replaces the new post, and gives it back when it goes.
  hiddenIf: (n) => isNotifiedOfMention(`${n}.post_id`, `${n}.user_id`),
}

/**
 * Outbox handler that notifies the friends in the audience of a post, except those whom it mentions, in batches that commit
 * separately. Restarting it does no harm.
 */
export function shareDelivery(db: RootDb) {
  return {
    async [SHARE](payload: unknown) {
      const { postId, at, ...post } = share.parse(payload)
      const notification = { subject: postSubject(postId), actorId: post.authorId, postId, at }
      let last: string | undefined
      do {
        const readers = await findReaders(db, { ...post, postId }, last, MAX_RECIPIENTS)
        await deliver(db, kind, readers, notification)
        last = readers.length === MAX_RECIPIENTS ? readers.at(-1) : undefined
      } while (last !== undefined)
    },
  }
}
