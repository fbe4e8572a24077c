import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { badInput } from '../../../platform/errors.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import type { Pool, RootDb } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { readFeeds } from './inbox-store.ts'
import { readPosition } from './position.ts'
import { handlePostActivity, handleUploadActivity } from './reports.ts'

/** Dependencies of the internal notification resolvers. */
export type InternalNotificationDeps = { db: RootDb; pool: Pool; clock: Clock; enqueue: Enqueue }

const MAX_READERS = 500

/** Internal resolvers of the inbox: its feed for the gateway, and the reports of other services. */
export function internalNotificationResolvers({ db, pool, clock, enqueue }: InternalNotificationDeps) {
  return {
    Query: {
      notificationFeeds: (_root, { readers, first }) => {
        requireIds(...readers.map(({ userId }) => userId))
        if (first < 1 || first > 100) throw badInput(`"first" is ${first}; it must be from 1 to 100.`)
        if (readers.length > MAX_READERS)
          throw badInput(`The request has ${readers.length} readers; the limit is ${MAX_READERS}. Split it.`)
        const from = readers.map(({ userId, after }) => ({ userId, after: readPosition(after) }))
        return readFeeds(pool, from, first)
      },
    },
    Mutation: {
      reportUploadActivity: async (_root, { input }) => {
        requireIds(input.ownerId, input.uploadId)
        await handleUploadActivity({ db, enqueue, clock }, input)
        return true
      },
      reportPostActivity: async (_root, { input }) => {
        requireIds(input.postId, input.authorId, input.actorId)
        await handlePostActivity({ db, enqueue, clock }, input)
        return true
      },
    },
  } satisfies Resolvers
}
