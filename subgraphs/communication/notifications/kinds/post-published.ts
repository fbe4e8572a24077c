import { z } from 'zod'
import { inTransaction, type RootDb } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver, MAX_RECIPIENTS } from '../notification-store.ts'
import { findFriends } from '../recipients-store.ts'
import { reference } from '../references.ts'
import { liftRetraction, postSubject, retract } from '../retraction-store.ts'

/**
 * The subject that is retracted while only the author sees the post. It differs from the subject of the post, because
 * the author is still notified of likes and comments.
 */
const SHOWN = 'shown post '

const SHARE = 'share-post'

const share = z.object({ postId: z.string(), authorId: z.string(), at: z.coerce.date() })

export const kind: NotificationKind<'PostPublished'> = {
  name: 'POST_PUBLISHED',
  type: 'PostPublished',
  resolvers: { post: ({ postId }) => reference(postId) },
  onPostActivity: {
    // Notifying all of the author's friends is left to a job, because there may be thousands.
    PUBLISHED: ({ db, enqueue }, { postId, authorId, occurredAt: at }) =>
      inTransaction(db, async (tx) => {
        await liftRetraction(tx, SHOWN + postId, at)
        await enqueue(tx, SHARE, { key: postId, payload: { postId, authorId, at } })
      }),
    HIDDEN: ({ db }, { postId, occurredAt: at }) =>
      retract(db, { subject: SHOWN + postId, actorId: null, at }),
  },
  hiddenBySubject: (n) => `'${SHOWN}' || ${n}.post_id`,
  isFromFriendsOnly: true,
}

/** Outbox handler that notifies friends of a post, in batches that commit separately. Restarting it does no harm. */
export function shareDelivery(db: RootDb) {
  return {
    async [SHARE](payload: unknown) {
      const { postId, authorId, at } = share.parse(payload)
      let last: string | undefined
      do {
        const friends = await findFriends(db, authorId, last, MAX_RECIPIENTS)
        await deliver(db, kind, friends, { subject: postSubject(postId), actorId: authorId, postId, at })
        last = friends.length === MAX_RECIPIENTS ? friends.at(-1) : undefined
      } while (last !== undefined)
    },
  }
}
