import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { isFailure, requestFailed, signInFirst } from '../failures.ts'
import { requireIds, requireService } from '../require-service.ts'
import { findInbox, findNotification, readFeeds } from './inbox.ts'
import { markRead, readMarked } from './mark-read.ts'
import { notificationTypes } from './notification-types.ts'
import { publishPostActivity } from './post-activity.ts'
import { publishMediaRejected } from './sources.ts'

/** Dependencies of the notification resolvers. */
export type NotificationDeps = { db: PrismaClient; pool: pg.Pool; clock: Clock; enqueue: Enqueue }

const LIST = 'notifications'
const MAX_READERS = 500

/**
 * Resolvers of the inbox (notification, User.notifications, markNotificationsRead), of its feed for the gateway, and of
 * reports by other services.
 */
export function notificationResolvers({ db, pool, clock, enqueue }: NotificationDeps) {
  return {
    types: notificationTypes(pool),
    Query: {
      notification: (_root, { id }, { viewerId }) =>
        viewerId === null ? null : findNotification(pool, viewerId, id),
      notificationFeeds: (_root, { readers, first }, { caller }) => {
        requireService(caller, 'gateway')
        requireIds(...readers.map(({ userId }) => userId))
        if (first < 1 || first > 100) throw badInput(`"first" is ${first}; it must be from 1 to 100.`)
        if (readers.length > MAX_READERS)
          throw badInput(`The request has ${readers.length} readers; the limit is ${MAX_READERS}. Split it.`)
        const from = readers.map(({ userId, after }) => ({ userId, after: readPosition(after) }))
        return readFeeds(pool, from, first)
      },
    },
    User: {
      notifications: async ({ id }, args, { viewerId }) => {
        if (id !== viewerId) return null
        const request = readPageRequest(args, LIST)
        const before = request.after === null ? null : readPosition(request.after[0])
        const rows = await findInbox(pool, id, before, request.first + 1)
        const page = toConnection(
          rows,
          request,
          LIST,
          ({ position }) => [position],
          (row) => row,
        )
        return { ...page, userId: id }
      },
    },
    Mutation: {
      markNotificationsRead: async (_root, { input }, { viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        const marked = readMarked(input)
        if (isFailure(marked)) return marked
        const isDone = await markRead(db, { userId: viewerId, marked, now: clock() })
        const user = await people.load(viewerId)
        if (!isDone || !user)
          return requestFailed('NOT_FOUND', 'This notification does not exist. It may have been retracted.')
        return { __typename: 'MarkNotificationsReadPayload', user }
      },
      reportUploadRejected: async (_root, { input: { ownerId, uploadId } }, { caller }) => {
        requireService(caller, 'storage')
        requireIds(ownerId, uploadId)
        await publishMediaRejected(db, { ownerId, uploadId, at: clock() })
        return true
      },
      reportPostActivity: async (_root, { input }, { caller }) => {
        requireService(caller, 'blog')
        requireIds(input.postId, input.authorId, input.actorId)
        if (input.kind === 'COMMENTED' || input.kind === 'COMMENT_DELETED') requireIds(input.commentId ?? '')
        await publishPostActivity({ db, enqueue }, input)
        return true
      },
    },
  } satisfies Pick<Resolvers, 'Query' | 'User' | 'Mutation'> & { types: Resolvers }
}

// A malformed position counts as none: the reader continues from now.
function readPosition(position: string | null | undefined): string | null {
  return position != null && /^\d{1,18}$/.test(position) ? position : null
}
