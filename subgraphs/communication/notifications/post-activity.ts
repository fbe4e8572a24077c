import { z } from 'zod'
import type { ReportPostActivityInput } from '../../../generated/graphql/internal/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { deliver, MAX_RECIPIENTS } from './deliver.ts'
import { liftRetraction, retract, subjects } from './retractions.ts'

const SHARE = 'share-post'

const share = z.object({ postId: z.string(), authorId: z.string(), at: z.coerce.date() })

/**
 * Handles a report of activity on a post. Likes and comments are published to the author at once. Notifying all of the
 * author's friends of a new post is left to a job, because there may be thousands. Retracted activity stays hidden,
 * even if the report of its retraction arrives before the report of the activity.
 */
export async function publishPostActivity(
  { db, enqueue }: { db: PrismaClient; enqueue: Enqueue },
  activity: ReportPostActivityInput,
): Promise<void> {
  const { postId, authorId, actorId, occurredAt: at } = activity
  const like = subjects.like(postId, actorId)
  const commentId = activity.commentId ?? ''
  switch (activity.kind) {
    case 'PUBLISHED':
      await db.$transaction(async (tx) => {
        await liftRetraction(tx, subjects.postShown(postId), at)
        await enqueue(tx, SHARE, { key: postId, payload: { postId, authorId, at } })
      })
      return
    case 'HIDDEN':
      return retract(db, { subject: subjects.postShown(postId), actorId: null, at })
    case 'LIKED':
      await deliver(db, [authorId], { kind: 'POST_LIKED', subject: like, actorId, postId, at })
      return liftRetraction(db, like, at)
    case 'UNLIKED':
      return retract(db, { subject: like, actorId, at })
    case 'COMMENTED': {
      const subject = subjects.comment(commentId)
      return deliver(db, [authorId], { kind: 'POST_COMMENTED', subject, actorId, postId, commentId, at })
    }
    case 'COMMENT_DELETED':
      return retract(db, { subject: subjects.comment(commentId), actorId: null, at })
    case 'DELETED':
      return retract(db, { subject: subjects.post(postId), actorId: null, at })
  }
}

/** Outbox handler that notifies friends of a post, in batches that commit separately. Restarting it does no harm. */
export function shareDelivery(db: PrismaClient) {
  return {
    async [SHARE](payload: unknown) {
      const { postId, authorId, at } = share.parse(payload)
      const news = {
        kind: 'POST_PUBLISHED',
        subject: subjects.post(postId),
        actorId: authorId,
        postId,
        at,
      } as const
      let last: string | undefined
      do {
        const friends = await friendsAfter(db, authorId, last)
        await deliver(db, friends, news)
        last = friends.length === MAX_RECIPIENTS ? friends.at(-1) : undefined
      } while (last !== undefined)
    },
  }
}

async function friendsAfter(db: PrismaClient, userId: string, last: string | undefined): Promise<string[]> {
  const friends = await db.relationship.findMany({
    where: { userId, kind: 'FRIEND', ...(last !== undefined && { otherId: { gt: last } }) },
    orderBy: { otherId: 'asc' },
    take: MAX_RECIPIENTS,
    select: { otherId: true },
  })
  return friends.map(({ otherId }) => otherId)
}
