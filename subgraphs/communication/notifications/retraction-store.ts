type Executor = { $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number> }

/** The subject whose retraction hides all notifications about a post. */
export const postSubject = (postId: string) => `post ${postId}`

/** The subject of the notifications of the users whom a post mentions. */
export const mentionSubject = (postId: string) => `mention ${postId}`

/** The beginning of the subject that is retracted while a user is not mentioned in a post, or may not see it. */
export const MENTIONED = 'mentioned in '

/** The subject that is retracted while strangers may not see a post. */
export const publicSubject = (postId: string) => `public post ${postId}`

/**
 * The subject that is retracted while only the author sees a post. It differs from the subject of the post, because the
 * author is still notified of likes and comments.
 */
export const shownSubject = (postId: string) => `shown post ${postId}`

/** The subject of all notifications about a comment itself; it also hides those about likes of the comment. */
export const commentSubject = (commentId: string) => `comment ${commentId}`

const RETRACT = `
  INSERT INTO retractions AS known (subject, at, actor_id) VALUES ($1::text, $2::timestamptz, $3::uuid)
  ON CONFLICT (subject) DO UPDATE SET at = excluded.at, is_lifted = false WHERE known.at <= excluded.at`

/** Hides the notifications of a subject from all users, unless a later change is already known. */
export async function retract(
  db: Executor,
  { subject, actorId, at }: { subject: string; actorId: string | null; at: Date },
): Promise<void> {
  await db.$executeRawUnsafe(RETRACT, subject, at, actorId)
}

const LIFT = `
  UPDATE retractions SET at = $2::timestamptz, is_lifted = true
  WHERE subject = $1::text AND at < $2::timestamptz`

/** Shows the notifications of a retracted subject again, for example when a like is given again. */
export async function liftRetraction(db: Executor, subject: string, at: Date): Promise<void> {
  await db.$executeRawUnsafe(LIFT, subject, at)
}
