/** The kinds of notifications in the database, each with its GraphQL type. */
export const NOTIFICATION_TYPES = {
  MEDIA_STORED: 'MediaStored',
  MEDIA_READY: 'MediaReady',
  MEDIA_REJECTED: 'MediaRejected',
  FRIEND_REQUEST_RECEIVED: 'FriendRequestReceived',
  FRIEND_REQUEST_ACCEPTED: 'FriendRequestAccepted',
  POST_PUBLISHED: 'PostPublished',
  POST_LIKED: 'PostLiked',
  POST_COMMENTED: 'PostCommented',
} as const

/** The kind of a notification. */
export type NotificationKind = keyof typeof NOTIFICATION_TYPES

/** The content of a notification; the kind determines which ids are set. */
export type NotificationContent = {
  kind: NotificationKind
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
  /** The position among the user's notifications: a bigint, as text. */
  position: string
  createdAt: Date
  readAt: Date | null
}

/** A notification to publish. */
export type News = Pick<NotificationContent, 'kind'> &
  Partial<NotificationContent> & {
    /** Identifies what the notification is about. A user gets only one notification per subject. */
    subject: string
    at: Date
  }
