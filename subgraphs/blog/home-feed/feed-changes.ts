import type { Enqueue, Transaction } from '../../../platform/outbox/enqueue.ts'
import type { Activity, ReportActivity } from '../activity/activity-reports.ts'

/** The topic of changes that home feeds have to follow. */
export const TOPIC = 'home-feed'

/** The changes that home feeds follow. */
export type FeedChanges = {
  /** Makes the home feeds of friends follow a post that was published, hidden or deleted. */
  onActivity: ReportActivity
  /** Makes the home feeds of two users follow their friendship. */
  onFriendship(tx: Transaction, userId: string, otherId: string): Promise<void>
}

/**
 * Creates the changes of this service. They go through the outbox, so no request waits for the feeds of all friends, and
 * none is lost. A message only names what changed: its handler reads the current state. Messages about one author are
 * handled in order, so a post is not added to a feed after its removal was handled.
 */
export function createFeedChanges(enqueue: Enqueue): FeedChanges {
  return {
    async onActivity(tx, { kind, authorId, postId }) {
      if (concernsFeeds(kind)) await enqueue(tx, TOPIC, { key: authorId, payload: { authorId, postId } })
    },
    async onFriendship(tx, userId, otherId) {
      // In the order of the keys, because the outbox locks them.
      for (const authorId of [userId, otherId].toSorted()) {
        const viewerId = authorId === userId ? otherId : userId
        await enqueue(tx, TOPIC, { key: authorId, payload: { authorId, viewerId } })
      }
    },
  }
}

function concernsFeeds(kind: Activity['kind']): boolean {
  return kind === 'PUBLISHED' || kind === 'HIDDEN' || kind === 'DELETED'
}
