import type { Connection } from '../../../platform/connections.ts'

/** The content of a notification; the kind determines which ids are set. */
export type NotificationContent = {
  /** The user who acted; null if the cause was the recipient's own action. */
  actorId: string | null
  mediaId: string | null
  uploadId: string | null
  postId: string | null
  commentId: string | null
}

/** A stored notification. */
export type StoredNotification = NotificationContent & {
  id: string
  /** The name of its kind. */
  kind: string
  /** The position among the user's notifications: a bigint, as text. */
  position: string
  createdAt: Date
  readAt: Date | null
}

/** A page of a user's notifications, newest first. */
export type InboxPage = Connection<StoredNotification> & { userId: string }

/** A notification to publish. */
export type NewNotification = Partial<NotificationContent> & {
  /** Identifies what the notification is about. A user gets only one notification per subject. */
  subject: string
  /** The author of the post, if the recipient is notified because of a comment on it. */
  postAuthorId?: string
  at: Date
}
