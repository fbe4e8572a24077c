import { z } from 'zod'
import type { Enqueue, Transaction } from '../../../platform/outbox/enqueue.ts'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'

/** What happened to a post that others are told, and what takes it back so that they are told no more. */
export type Activity = { postId: string; authorId: string; occurredAt: Date } & (
  | { kind: 'PUBLISHED' | 'HIDDEN' | 'DELETED' }
  | { kind: 'LIKED' | 'UNLIKED'; actorId: string }
  | { kind: 'COMMENTED' | 'COMMENT_DELETED'; actorId: string; commentId: string }
)

/** Reports what happened to a post, from within the transaction that made it happen and last in it. */
export type ReportActivity = (tx: Transaction, activity: Activity) => Promise<void>

const TOPIC = 'post-activity'

const REPORT = 'mutation Report($input: ReportPostActivityInput!) { done: reportPostActivity(input: $input) }'

const done = z.object({ done: z.literal(true) })

/** Makes the reports of one service, which go to `communication` through its outbox, those of a post in order. */
export function createActivityReports(enqueue: Enqueue): ReportActivity {
  // What the author did is the author's own doing.
  return (tx, activity) => {
    const payload = { actorId: activity.authorId, ...activity }
    return enqueue(tx, TOPIC, { key: activity.postId, payload })
  }
}

/** How the outbox delivers reports. Delivering twice does no harm. */
export function activityDelivery(communication: () => SubgraphClient) {
  return {
    async [TOPIC](input: unknown) {
      await askPeer(communication(), 'blog', REPORT, { input }, done)
    },
  }
}
