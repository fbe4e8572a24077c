import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { Log } from '../../../platform/log.ts'
import { type Repeating, startRepeating } from '../repeating.ts'

const BATCH = 200

/**
 * Keeps the ranks of moblogs, from now until it is stopped. Triggers mark moblogs in which something has happened
 * (prisma/blog/migrations); replicas take different ones.
 */
export function startRanking(prisma: PrismaClient, log: Log, everyMs = 1_000): Repeating {
  const work = async () => {
    while ((await rankDueMoblogs(prisma)) === BATCH);
  }
  return startRepeating('ranking moblogs', work, { everyMs, log })
}

/**
 * Ranks the moblogs in which something has happened since; returns how many. Their marks are taken first and the ranks
 * computed by a later statement, which therefore sees all that the marks stood for.
 */
function rankDueMoblogs(prisma: PrismaClient): Promise<number> {
  return prisma.$transaction(async (transaction) => {
    const due = await transaction.$queryRaw<{ id: string }[]>`
      DELETE FROM rank_due WHERE moblog_id IN (
        SELECT moblog_id FROM rank_due ORDER BY since LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      ) RETURNING moblog_id AS id`
    if (due.length > 0)
      await rankMoblogs(
        transaction,
        due.map(({ id }) => id),
      )
    return due.length
  })
}

/**
 * How hot a moblog is:
 *
 *   hot = log2( Σ weight · 2^(t / 24 h) )
 *
 * over what happened at the instants t: a user's like weighs 1, a user's comments 2, each once for each user, the owner
 * not at all; and the newest post itself 0.5. On one post a user's t is when they first liked it or commented on it, so
 * doing it again, or taking it back before, renews nothing; without a like or comment that is there now they weigh
 * nothing. Of several posts the newest t counts. Only posts that everyone may see count: the 50 newest of them, of each
 * the newest 1,000 who like it and who commented on it, of the last 14 days. Everything halves in 24 hours, in all
 * moblogs alike, so the order stays right by itself and a rank is only computed when something happens. (The sum is of
 * powers relative to the newest t, whose own is added as a logarithm: no power gets too large.)
 */
async function rankMoblogs(prisma: Pick<PrismaClient, '$executeRaw'>, ids: readonly string[]): Promise<void> {
  await prisma.$executeRaw`
    WITH due AS (SELECT unnest(${ids}::uuid[]) AS id),
    shown AS (
      SELECT due.id AS moblog_id, post.id, post.published_at FROM due CROSS JOIN LATERAL (
        SELECT id, published_at FROM post
        WHERE moblog_id = due.id AND audience = 'PUBLIC' AND published_at < 'infinity'
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
