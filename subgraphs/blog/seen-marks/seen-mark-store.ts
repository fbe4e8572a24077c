import { askedChannels, CHANNEL_COLUMNS, isLive, newestInChannels } from '../access/channels.ts'
import { notHidden } from '../access/not-hidden.ts'
import type { Pool } from '../database.ts'
import type { SeenMoblog } from '../moblogs/moblog-store.ts'

/** How far a viewer has seen a moblog: the position of the newest seen post. */
export type SeenMark = { moblogId: string; publishedAt: Date; postId: string }

/** The largest number of unseen posts that is counted. */
export const MAX_UNSEEN = 100

/** How many moblogs have a mark of one viewer at most. The marks that were set longest ago are forgotten. */
const MAX_MARKS = 10_000

/** The viewer's marks in these moblogs, in the order of `moblogIds`; null where there is none. */
export async function findSeenMarks(
  pool: Pool,
  viewerId: string,
  moblogIds: readonly string[],
): Promise<(SeenMark | null)[]> {
  const { rows } = await pool.query<SeenMark>({
    name: 'seen-marks',
    text: `SELECT moblog_id AS "moblogId", published_at AS "publishedAt", post_id AS "postId" FROM seen_mark
      WHERE viewer_id = $1 AND moblog_id = ANY ($2::uuid[])`,
    values: [viewerId, moblogIds],
  })
  const byMoblog = new Map(rows.map((mark) => [mark.moblogId, mark]))
  return moblogIds.map((id) => byMoblog.get(id) ?? null)
}

const UNSEEN = newestInChannels('id', {
  where: `(published_at, id) > (
    coalesce(mark.published_at, '-infinity'), coalesce(mark.post_id, '00000000-0000-0000-0000-000000000000')
  ) AND ${isLive('$3')} AND ${notHidden('post.id', '$2')}`,
  limit: `${MAX_UNSEEN}`,
})

/**
 * How many posts that the viewer may see and has not hidden are above the viewer's mark in each moblog, at most `MAX_UNSEEN`, in the order
 * of `moblogs`. It reads each channel separately from the index, and no further than it counts.
 */
export async function countUnseen(
  pool: Pool,
  viewerId: string,
  moblogs: readonly SeenMoblog[],
  now: Date,
): Promise<number[]> {
  const asked = moblogs.map(({ id, relationship }) => askedChannels(id, relationship))
  const { rows } = await pool.query<{ id: string; count: number }>({
    name: 'unseen-counts',
    text: `SELECT asked.moblog AS id, count(*)::int AS count
      FROM jsonb_to_recordset($1) AS asked (${CHANNEL_COLUMNS})
      LEFT JOIN seen_mark AS mark ON mark.viewer_id = $2 AND mark.moblog_id = asked.moblog
      CROSS JOIN LATERAL (SELECT FROM (${UNSEEN}) AS post LIMIT ${MAX_UNSEEN}) AS unseen
      GROUP BY asked.moblog`,
    values: [JSON.stringify(asked), viewerId, now],
  })
  const counts = new Map(rows.map(({ id, count }) => [id, count]))
  return moblogs.map(({ id }) => counts.get(id) ?? 0)
}

/**
 * Sets the viewer's marks in different moblogs. A mark that is already there never moves back.
 *
 * @returns whether there was none in one of the moblogs
 */
export async function saveSeenMarks(
  pool: Pool,
  viewerId: string,
  marks: readonly SeenMark[],
  now: Date,
): Promise<boolean> {
  const { rows } = await pool.query<{ isNew: boolean }>({
    name: 'save-seen-marks',
    text: `INSERT INTO seen_mark (viewer_id, moblog_id, published_at, post_id, marked_at)
      SELECT $1, mark.moblog_id, mark.published_at, mark.post_id, $5::timestamptz
      FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[]) AS mark (moblog_id, published_at, post_id)
      ORDER BY mark.moblog_id
      ON CONFLICT (viewer_id, moblog_id) DO UPDATE
        SET published_at = excluded.published_at, post_id = excluded.post_id, marked_at = excluded.marked_at
        WHERE (excluded.published_at, excluded.post_id) > (seen_mark.published_at, seen_mark.post_id)
      RETURNING xmax = 0 AS "isNew"`,
    values: [
      viewerId,
      marks.map(({ moblogId }) => moblogId),
      marks.map(({ publishedAt }) => publishedAt.toISOString()),
      marks.map(({ postId }) => postId),
      now,
    ],
  })
  return rows.some(({ isNew }) => isNew)
}

/** Whether a viewer has more than `MAX_MARKS` marks. */
export async function hasTooManyMarks(pool: Pool, viewerId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM seen_mark WHERE viewer_id = $1 OFFSET ${MAX_MARKS} LIMIT 1`,
    [viewerId],
  )
  return rowCount !== 0
}

/** Removes the marks of a viewer in these moblogs. */
export async function forgetMarks(pool: Pool, viewerId: string, moblogIds: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM seen_mark WHERE viewer_id = $1 AND moblog_id = ANY ($2::uuid[])', [
    viewerId,
    moblogIds,
  ])
}

/** Removes the marks of a viewer that are more than `MAX_MARKS`, those that were set longest ago. */
export async function forgetOldestMarks(pool: Pool, viewerId: string): Promise<void> {
  await pool.query(
    `DELETE FROM seen_mark WHERE viewer_id = $1 AND moblog_id IN (
      SELECT moblog_id FROM seen_mark WHERE viewer_id = $1
      ORDER BY marked_at DESC, moblog_id DESC OFFSET ${MAX_MARKS}
    )`,
    [viewerId],
  )
}
