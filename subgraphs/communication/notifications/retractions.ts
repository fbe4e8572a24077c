import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'

type Executor = PrismaClient | Prisma.TransactionClient

/** The subjects of notifications about a post and about others' likes and comments. */
export const subjects = {
  post: (postId: string) => `post ${postId}`,
  /**
   * The visibility of a post to others. It is separate from their likes and comments, about which the author is still
   * notified.
   */
  postShown: (postId: string) => `shown post ${postId}`,
  like: (postId: string, actorId: string) => `like ${postId} ${actorId}`,
  comment: (commentId: string) => `comment ${commentId}`,
}

/**
 * Returns the SQL condition that a notification is not retracted. Readers check the condition, and a retraction deletes
 * no notifications. It therefore makes no difference whether a notification or its retraction arrives first.
 *
 * @param n the alias of the notifications
 */
export const notRetracted = (n: string) => `
  NOT EXISTS (
    SELECT FROM retractions x
    WHERE NOT x.is_lifted AND x.subject IN (
      ${n}.subject,
      'post ' || ${n}.post_id,
      CASE WHEN ${n}.kind = 'POST_PUBLISHED' THEN 'shown post ' || ${n}.post_id END
    )
  )`

/** Hides the notifications of a subject from all users, unless a later change is already known. */
export async function retract(
  db: Executor,
  { subject, actorId, at }: { subject: string; actorId: string | null; at: Date },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO retractions AS known (subject, at, actor_id)
    VALUES (${subject}, ${at}::timestamptz, ${actorId}::uuid)
    ON CONFLICT (subject) DO UPDATE SET at = excluded.at, is_lifted = false WHERE known.at <= excluded.at`
}

/** Shows the notifications of a retracted subject again, for example when a like is given again. */
export async function liftRetraction(db: Executor, subject: string, at: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE retractions SET at = ${at}::timestamptz, is_lifted = true
    WHERE subject = ${subject} AND at < ${at}::timestamptz`
}
