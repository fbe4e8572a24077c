import { notHidden } from '../access/not-hidden.ts'
import { audiencesSeen, type ViewerRelationship } from '../access/viewer-relationship.ts'
import type { Db, Pool } from '../database.ts'

/** A moblog, and the relationship of its owner to the viewer, which decides which posts the viewer may see. */
export type SeenMoblog = { id: string; relationship: ViewerRelationship }

/** The title and description that the owner wrote for a moblog. */
export type MoblogText = { title: string; about: string | null }

// Every user has a moblog, but an unused moblog has no row.
const UNUSED: MoblogText = { title: '', about: null }

/** The texts of moblogs, in the order of `ids`. */
export async function findMoblogTexts(pool: Pool, ids: readonly string[]): Promise<MoblogText[]> {
  const { rows } = await pool.query<MoblogText & { id: string }>({
    name: 'moblog-texts',
    text: 'SELECT id, title, about FROM moblog WHERE id = ANY ($1::uuid[])',
    values: [ids],
  })
  return inOrder(ids, rows).map((row) => row ?? UNUSED)
}

/** How many posts the viewer may see and has not hidden in each moblog, in the order of `moblogs`. */
export async function countPosts(
  pool: Pool,
  viewerId: string | null,
  moblogs: readonly SeenMoblog[],
): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; count: number }>({
    name: 'moblog-counts',
    text: `SELECT asked.id, count(*)::int AS count
      FROM jsonb_to_recordset($1) AS asked (id uuid, audiences audience[])
      JOIN post ON post.moblog_id = asked.id AND post.audience = ANY (asked.audiences)
        AND post.published_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM hidden_post WHERE user_id = $2::uuid AND post_id = post.id)
      GROUP BY asked.id`,
    values: [asked(moblogs), viewerId],
  })
  return inOrder(
    moblogs.map(({ id }) => id),
    rows,
  ).map((row) => row?.count ?? 0)
}

/**
 * When the newest post that the viewer may see and has not hidden was published in each moblog, in the order of
 * `moblogs`. Null if none.
 */
export async function findLatest(
  pool: Pool,
  viewerId: string | null,
  moblogs: readonly SeenMoblog[],
): Promise<(Date | null)[]> {
  const { rows } = await pool.query<{ id: string; latest: Date }>({
    name: 'moblog-latest',
    text: `SELECT asked.id, max(newest.published_at) AS latest
      FROM jsonb_to_recordset($1) AS asked (id uuid, audiences audience[])
      CROSS JOIN unnest(asked.audiences) AS seen (audience)
      CROSS JOIN LATERAL (
        SELECT published_at FROM post
        WHERE moblog_id = asked.id AND audience = seen.audience AND published_at < 'infinity'
          AND ${notHidden('post.id', '$2')}
        ORDER BY published_at DESC LIMIT 1
      ) AS newest
      GROUP BY asked.id`,
    values: [asked(moblogs), viewerId],
  })
  return inOrder(
    moblogs.map(({ id }) => id),
    rows,
  ).map((row) => row?.latest ?? null)
}

/** Saves the given texts of a moblog and returns all its texts. */
export function saveMoblogText(tx: Db, id: string, change: Partial<MoblogText>): Promise<MoblogText> {
  return tx.moblog.upsert({
    where: { id },
    create: { id, ...change },
    update: change,
    select: { title: true, about: true },
  })
}

/** Saves the search words of a moblog's texts. */
export async function saveMoblogWords(tx: Db, id: string, words: string[]): Promise<void> {
  await tx.moblog.update({ where: { id }, data: { words }, select: { id: true } })
}

function asked(moblogs: readonly SeenMoblog[]): string {
  return JSON.stringify(
    moblogs.map(({ id, relationship }) => ({ id, audiences: audiencesSeen(relationship) })),
  )
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | undefined)[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id))
}
