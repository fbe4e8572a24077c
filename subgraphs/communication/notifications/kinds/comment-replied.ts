import { isHiddenFromCommenter, recordAudience } from '../hidden-from-commenter.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { findUnhidden } from '../recipients-store.ts'
import { reference } from '../references.ts'
import { commentAuthorOf, commentOf } from '../reported-comment.ts'
import { commentSubject } from '../retraction-store.ts'

export const kind: NotificationKind<'CommentReplied'> = {
  name: 'COMMENT_REPLIED',
  type: 'CommentReplied',
  resolvers: {
    post: ({ postId }) => reference(postId),
    comment: ({ commentId }) => reference(commentId),
  },
  onPostActivity: {
    // The subject is that of PostCommented. So nobody is notified twice of a comment, and its deletion hides both.
    REPLIED: async ({ db }, activity) => {
      const { postId, authorId: postAuthorId, actorId, occurredAt: at } = activity
      const commentId = commentOf(activity)
      const subject = commentSubject(commentId)
      const recipients = await findUnhidden(db, postId, [commentAuthorOf(activity)])
      await recordAudience(db, activity)
      await deliver(db, kind, recipients, { subject, actorId, postId, commentId, postAuthorId, at })
    },
  },
  hiddenIf: isHiddenFromCommenter,
}
