import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { reference } from '../references.ts'
import { commentOf } from '../reported-comment.ts'
import { commentSubject, retract } from '../retraction-store.ts'

export const kind: NotificationKind<'PostCommented'> = {
  name: 'POST_COMMENTED',
  type: 'PostCommented',
  resolvers: {
    post: ({ postId }) => reference(postId),
    comment: ({ commentId }) => reference(commentId),
  },
  onPostActivity: {
    COMMENTED: ({ db }, activity) => {
      const { postId, authorId, actorId, occurredAt: at } = activity
      const commentId = commentOf(activity)
      const subject = commentSubject(commentId)
      return deliver(db, kind, [authorId], { subject, actorId, postId, commentId, at })
    },
    COMMENT_DELETED: ({ db }, activity) =>
      retract(db, { subject: commentSubject(commentOf(activity)), actorId: null, at: activity.occurredAt }),
  },
}
