import type { ReportPostActivityInput } from '../../../../generated/graphql/internal/communication.ts'
import { requireIds } from '../../require-ids.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { reference } from '../references.ts'
import { retract } from '../retraction-store.ts'

const subjectOf = (commentId: string) => `comment ${commentId}`

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
      return deliver(db, kind, [authorId], { subject: subjectOf(commentId), actorId, postId, commentId, at })
    },
    COMMENT_DELETED: ({ db }, activity) =>
      retract(db, { subject: subjectOf(commentOf(activity)), actorId: null, at: activity.occurredAt }),
  },
}

function commentOf({ commentId }: ReportPostActivityInput): string {
  const id = commentId ?? ''
  requireIds(id)
  return id
}
