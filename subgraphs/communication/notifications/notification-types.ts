import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { countUnread } from './inbox.ts'
import { NOTIFICATION_TYPES } from './notification.ts'

const reference = (id: string | null) => (id === null ? null : { id })

/**
 * Resolvers of the notification types. Posts, comments and uploads are known here only by their `reference`. The
 * gateway therefore has to ask the owning service even for the id, and gets null if the viewer may not see them.
 */
export const notificationTypes = (pool: pg.Pool) =>
  ({
    Notification: { __resolveType: ({ kind }) => NOTIFICATION_TYPES[kind] },
    MediaStored: { media: ({ mediaId }) => reference(mediaId) },
    MediaReady: { media: ({ mediaId }) => reference(mediaId) },
    MediaRejected: { uploadSession: ({ uploadId }) => reference(uploadId) },
    FriendRequestReceived: {
      from: ({ actorId }, _args, { people }) => (actorId === null ? null : people.load(actorId)),
    },
    FriendRequestAccepted: {
      by: ({ actorId }, _args, { people }) => (actorId === null ? null : people.load(actorId)),
    },
    PostPublished: { post: ({ postId }) => reference(postId) },
    PostLiked: {
      post: ({ postId }) => reference(postId),
      by: ({ actorId }, _args, { people }) => (actorId === null ? null : people.load(actorId)),
    },
    PostCommented: {
      post: ({ postId }) => reference(postId),
      comment: ({ commentId }) => reference(commentId),
    },
    Post: { reference: ({ id }) => id },
    Comment: { reference: ({ id }) => id },
    UploadSession: { reference: ({ id }) => id },
    NotificationConnection: { unreadCount: ({ userId }) => countUnread(pool, userId) },
  }) satisfies Resolvers
