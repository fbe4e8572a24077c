/** The kinds of notifications as the database has them, each with its GraphQL type. */
export const NOTIFICATION_TYPES = {
  MEDIA_READY: 'MediaReady',
  MEDIA_PROCESSED: 'MediaProcessed',
  MEDIA_REJECTED: 'MediaRejected',
  FRIEND_REQUEST_RECEIVED: 'FriendRequestReceived',
  FRIEND_REQUEST_ACCEPTED: 'FriendRequestAccepted',
  POST_PUBLISHED: 'PostPublished',
  POST_LIKED: 'PostLiked',
  POST_COMMENTED: 'PostCommented',
} as const

/** One of the kinds. */
export type NotificationKind = keyof typeof NOTIFICATION_TYPES

/** What a notification tells of; which ids are there depends on the kind. */
export type NotificationContent = {
  kind: NotificationKind
  /** Who did it; null where it was the user's own doing. */
  actorId: string | null
  mediaId: string | null
  uploadId: string | null
  postId: string | null
  commentId: string | null
}

/** A notification as it is kept. */
export type StoredNotification = NotificationContent & {
  id: string
  /** Its place among its user's notifications: a bigint, as text. */
  position: string
  createdAt: Date
  readAt: Date | null
}

/** Something that is to be told. */
export type News = Pick<NotificationContent, 'kind'> &
  Partial<NotificationContent> & {
    /** What it tells of, as text: nobody is told of the same thing twice. */
    subject: string
    at: Date
  }
