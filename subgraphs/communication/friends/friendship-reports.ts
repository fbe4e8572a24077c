import { z } from 'zod'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Db } from '../database.ts'
import { blogOperation } from '../internal-operations/blog.ts'

const TOPIC = 'report-friendship'

const message = z.object({ userId: z.string(), otherId: z.string() })

/**
 * Reports to `blog` that a friendship began or may have ended. Call it within the transaction that changes the
 * relationship, after its other changes.
 */
export type ReportFriendship = (tx: Db, userId: string, otherId: string) => Promise<void>

/** Creates the reporter of this service. Reports go through its outbox, in order for each pair of users. */
export function createFriendshipReports(enqueue: Enqueue): ReportFriendship {
  return (tx, userId, otherId) =>
    enqueue(tx, TOPIC, { key: [userId, otherId].sort().join(' '), payload: { userId, otherId } })
}

/**
 * The outbox handler that delivers reports. Delivering one twice does no harm, because a report only says that `blog`
 * should ask for the relationship.
 */
export function friendshipDelivery(blog: () => PeerClient) {
  return {
    async [TOPIC](payload: unknown) {
      const input = message.parse(payload)
      await callPeer(blog(), blogOperation('report-friendship'), { input })
    },
  }
}
