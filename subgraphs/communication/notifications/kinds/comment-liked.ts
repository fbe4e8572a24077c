import { isHiddenFromCommenter, recordAudience } from '../hidden-from-commenter.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { findUnhidden } from '../recipients-store.ts'
import { actorOf, reference } from '../references.ts'
import { commentAuthorOf, commentOf } from '../reported-comment.ts'
import { commentSubject, liftRetraction, retract } from '../retraction-store.ts'

const subjectOf = (commentId: string, actorId: string) => `comment like ${commentId} ${actorId}`

export const kind: NotificationKind<'CommentLiked'> = {
  name: 'COMMENT_LIKED',
  type: 'CommentLiked',
  resolvers: {
    post: ({ postId }) => reference(postId),
    comment: ({ commentId }) => reference(commentId),
    by: actorOf,
  },
  onPostActivity: {
    COMMENT_LIKED: async ({ db }, activity) => {
      const { postId, authorId: postAuthorId, actorId, occurredAt: at } = activity
      const commentId = commentOf(activity)
      const subject = subjectOf(commentId, actorId)
      const recipients = await findUnhidden(db, postId, [commentAuthorOf(activity)])
      await recordAudience(db, activity)
      await deliver(db, kind, recipients, { subject, actorId, postId, commentId, postAuthorId, at })
      await liftRetraction(db, subject, at)
    },
    COMMENT_UNLIKED: ({ db }, activity) => {
      const { actorId, occurredAt: at } = activity
      return retract(db, { subject: subjectOf(commentOf(activity), actorId), actorId, at })
    },
  },
  hiddenBySubjects: (n) => [`'${commentSubject('')}' || ${n}.comment_id`],
  hiddenIf: isHiddenFromCommenter,
}
