import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { actorOf, reference } from '../references.ts'
import { liftRetraction, retract } from '../retraction-store.ts'

const subjectOf = ({ postId, actorId }: { postId: string; actorId: string }) => `like ${postId} ${actorId}`

export const kind: NotificationKind<'PostLiked'> = {
  name: 'POST_LIKED',
  type: 'PostLiked',
  resolvers: { post: ({ postId }) => reference(postId), by: actorOf },
  onPostActivity: {
    LIKED: async ({ db }, activity) => {
      const { postId, authorId, actorId, occurredAt: at } = activity
      const subject = subjectOf(activity)
      await deliver(db, kind, [authorId], { subject, actorId, postId, at })
      await liftRetraction(db, subject, at)
    },
    UNLIKED: ({ db }, activity) =>
      retract(db, {
        subject: subjectOf(activity),
        actorId: activity.actorId,
        at: activity.occurredAt,
      }),
  },
}
