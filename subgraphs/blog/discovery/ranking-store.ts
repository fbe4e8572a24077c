import type { Db } from '../database.ts'

/**
 * Deletes the marks of at most `limit` moblogs that have new activity, longest waiting first, and returns the ids of
 * these moblogs. Leaves out moblogs that another process is ranking.
 */
export async function takeDueMoblogs(tx: Db, limit: number): Promise<string[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM rank_due WHERE moblog_id IN (
      SELECT moblog_id FROM rank_due ORDER BY since LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) RETURNING moblog_id AS id`
  return due.map(({ id }) => id)
}

/**
 * Computes how hot a moblog is:
 *
 *   hot = log2( Σ weight · 2^(t / 24 h) )
 *
 * The sum is over events at the instants t:
 *
 * - A user who likes weighs 1, and a user who comments weighs 2. Each user counts once for each of the two. The owner
 *   does not count.
 * - The newest post weighs 0.5.
 *
 * On one post, a user's t is the instant of the first like or the first comment. Liking or commenting again, or after
 * taking it back, does not renew t. Without a current like or comment the user weighs nothing. If a user was active on
 * several posts, the newest t counts.
 *
 * Only public posts count: the 50 newest, and for each the newest 1,000 users who like it and the newest 1,000 who
 * commented on it, within the last 14 days.
 *
 * Every weight halves in 24 hours, in all moblogs alike. The order therefore stays correct over time, and a rank is
 * computed only when something happens. The SQL sums powers relative to the newest t and adds the newest t as a
 * logarithm, so that no power gets too large.
 */
export async function rankMoblogs(tx: Db, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    WITH due AS (SELECT unnest(${ids}::uuid[]) AS id),
    shown AS (
      SELECT due.id AS moblog_id, post.id, post.published_at FROM due CROSS JOIN LATERAL (
        SELECT id, published_at FROM post
        WHERE moblog_id = due.id AND audience = 'PUBLIC' AND published_at < 'infinity' AND (expires_at IS NULL OR expires_at > now())
        ORDER BY published_at DESC LIMIT 50
      ) AS post
    ),
    happened AS (
      SELECT moblog_id, user_id, 1.0::float8 AS weight, max(created_at) AS at
      FROM shown CROSS JOIN LATERAL (
        SELECT user_id, created_at FROM post_like
        WHERE post_id = shown.id AND removed_at IS NULL AND created_at > now() - interval '14 days'
        ORDER BY created_at DESC LIMIT 1000
      ) AS newest
      WHERE user_id <> moblog_id GROUP BY moblog_id, user_id
      UNION ALL
      SELECT moblog_id, user_id, 2.0, max(first_at)
      FROM shown CROSS JOIN LATERAL (
        SELECT user_id, first_at FROM post_commenter
        WHERE post_id = shown.id AND comment_count > 0 AND first_at > now() - interval '14 days'
        ORDER BY first_at DESC LIMIT 1000
      ) AS newest
      WHERE user_id <> moblog_id GROUP BY moblog_id, user_id
      UNION ALL
      SELECT moblog_id, NULL, 0.5, max(published_at) FROM shown GROUP BY moblog_id
    ),
    days AS (
      SELECT moblog_id, weight, extract(epoch FROM at)::float8 / 86400 AS day,
        max(extract(epoch FROM at)::float8 / 86400) OVER (PARTITION BY moblog_id) AS newest
      FROM happened
    ),
    rank AS (
      SELECT moblog_id, max(newest) + ln(sum(weight * power(2, day - newest))) / ln(2::float8) AS hot
      FROM days GROUP BY moblog_id
    )
    UPDATE moblog SET
      hot = (SELECT hot FROM rank WHERE rank.moblog_id = moblog.id),
      newest_public_at = (SELECT max(published_at) FROM shown WHERE shown.moblog_id = moblog.id)
    WHERE id = ANY (${ids}::uuid[])`
}
