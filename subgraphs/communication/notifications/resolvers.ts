import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { badCursor, readPageRequest, toConnection } from '../../../platform/connections.ts'
import type { Pool, RootDb } from '../database.ts'
import { isFailure, requestFailed, signInFirst } from '../failures.ts'
import { findInbox, findNotification } from './inbox-store.ts'
import { readMarked } from './mark-read.ts'
import { notificationTypes } from './notification-types.ts'
import { isPosition } from './position.ts'
import { markRead } from './read-marks-store.ts'

/** Dependencies of the notification resolvers. */
export type NotificationDeps = { db: RootDb; pool: Pool; clock: Clock }

const LIST = 'notifications'

/** Resolvers of the inbox: notification, User.notifications, markNotificationsRead. */
export function notificationResolvers({ db, pool, clock }: NotificationDeps) {
  return {
    types: notificationTypes(pool),
    Query: {
      notification: (_root, { id }, { viewerId }) =>
        viewerId === null ? null : findNotification(pool, viewerId, id),
    },
    User: {
      notifications: async ({ id }, args, { viewerId }) => {
        if (id !== viewerId) return null
        const request = readPageRequest(args, LIST)
        const before = request.after && positionIn(request.after)
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
    },
  } satisfies Pick<Resolvers, 'Query' | 'User' | 'Mutation'> & { types: Resolvers }
}

function positionIn([position = '']: readonly string[]): string {
  if (!isPosition(position)) throw badCursor()
  return position
}
