import { z } from 'zod'
import type {
  Audience,
  PostActivity,
  ReportPostActivityInput,
} from '../../../generated/graphql/internal/blog-to-communication.ts'
import type { Enqueue, Transaction } from '../../../platform/outbox/enqueue.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { PostAudience } from '../access/viewer-relationship.ts'
import { communicationOperation } from '../internal-operations/communication.ts'

type LikeActivity = 'LIKED' | 'UNLIKED'
type CommentActivity = 'COMMENTED' | 'COMMENT_DELETED' | 'COMMENT_UNLIKED'
/** What the author of a comment is notified of, who need not be the author of the post. */
type CommentAuthorActivity = 'REPLIED' | 'COMMENT_LIKED'
/** To whom a post is shown. */
export type Shown = Pick<PostAudience, 'audience' | 'audienceListId'>

/**
 * An event on a post that creates notifications for other users, or retracts them. Without `actorId`, the author caused
 * it.
 */
export type Activity = { postId: string; authorId: string; occurredAt: Date } & (
  | { kind: LikeActivity; actorId: string }
  | { kind: CommentActivity; actorId: string; commentId: string }
  | {
      kind: CommentAuthorActivity
      actorId: string
      commentId: string
      commentAuthorId: string
      audience: Audience
    }
  | ({ kind: 'MENTIONED'; mentionedIds: string[]; unmentionedIds: string[] } & Shown)
  | {
      kind: Exclude<PostActivity, LikeActivity | CommentActivity | CommentAuthorActivity | 'MENTIONED'>
      actorId?: string
      commentId?: string
    }
)

/** Reports an event on a post. Called last in the transaction that causes the event. */
export type ReportActivity = (tx: Transaction, activity: Activity) => Promise<void>

const TOPIC = 'post-activity'

// Only this service writes messages to its outbox. `communication` checks the input against its schema.
const message = z.custom<ReportPostActivityInput>((value) => typeof value === 'object' && value !== null)

/** Creates the reporter of this service. Reports go to `communication` through the outbox, in order for each post. */
export function createActivityReports(enqueue: Enqueue): ReportActivity {
  return (tx, activity) => {
    const payload = { actorId: activity.authorId, ...activity }
    return enqueue(tx, TOPIC, { key: activity.postId, payload })
  }
}

/** The outbox handler that delivers reports. Delivering a report twice has no further effect. */
export function activityDelivery(communication: () => PeerClient) {
  return {
    async [TOPIC](payload: unknown) {
      const input = message.parse(payload)
      await callPeer(communication(), communicationOperation('report-post-activity'), { input })
    },
  }
}
