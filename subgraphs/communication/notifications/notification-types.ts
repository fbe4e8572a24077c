import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { countUnread } from './inbox.ts'
import { NOTIFICATION_TYPES } from './notification.ts'

const reference = (id: string | null) => (id === null ? null : { id })

/** What each type of notification tells of; whether the viewer may see it is decided where it is resolved. */
export const notificationTypes = (pool: pg.Pool) =>
  ({
    Notification: { __resolveType: ({ kind }) => NOTIFICATION_TYPES[kind] },
    MediaReady: { media: ({ mediaId }) => reference(mediaId) },
    MediaProcessed: { media: ({ mediaId }) => reference(mediaId) },
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
    NotificationConnection: { unreadCount: ({ userId }) => countUnread(pool, userId) },
  }) satisfies Resolvers
