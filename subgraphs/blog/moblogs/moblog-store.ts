import { joinReadsById } from '../../../platform/database/join-reads-by-id.ts'
import { oneOf } from '../../../platform/database/one-of.ts'
import { askedChannels, CHANNEL_COLUMNS, isLive, newestInChannels } from '../access/channels.ts'
import { notHidden } from '../access/not-hidden.ts'
import type { ViewerRelationship } from '../access/viewer-relationship.ts'
import type { Db, Pool } from '../database.ts'

/** A moblog, and the relationship of its owner to the viewer, which decides which posts the viewer may see. */
export type SeenMoblog = { id: string; relationship: ViewerRelationship }

/** The title and description that the owner wrote for a moblog. */
export type MoblogText = { title: string; about: string | null }

// Every user has a moblog, but an unused moblog has no row.
const UNUSED: MoblogText = { title: '', about: null }

/** The texts of moblogs, in the order of `ids`. */
export async function findMoblogTexts(pool: Pool, ids: readonly string[]): Promise<MoblogText[]> {
  return inOrder(ids, await readMoblogTexts(pool, ids)).map((row) => row ?? UNUSED)
}

const readMoblogTexts = joinReadsById(async (pool, ids) => {
  const { rows } = await pool.query<MoblogText & { id: string }>({
    name: 'moblog-texts',
    text: `SELECT id, title, about FROM moblog WHERE id ${oneOf('$1::uuid[]')}`,
    values: [ids],
  })
  return rows
})

// NOT EXISTS, because a count reads all posts of a moblog anyway.
const COUNTED = `published_at IS NOT NULL AND ${isLive('$3')}
          AND NOT EXISTS (SELECT FROM hidden_post WHERE user_id = $2::uuid AND post_id = post.id)`

/** How many posts the viewer may see and has not hidden in each moblog, in the order of `moblogs`. */
export async function countPosts(
  pool: Pool,
  viewerId: string | null,
  moblogs: readonly SeenMoblog[],
  now: Date,
): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; count: number }>({
    name: 'moblog-counts',
    text: `SELECT asked.moblog AS id, count(*)::int AS count
      FROM jsonb_to_recordset($1) AS asked (${CHANNEL_COLUMNS})
      CROSS JOIN LATERAL (
        SELECT FROM post WHERE moblog_id = asked.moblog AND audience = ANY (asked.audiences) AND ${COUNTED}
        UNION ALL
        SELECT FROM post WHERE moblog_id = asked.moblog AND audience_list_id IS NOT NULL AND ${COUNTED} AND (
          asked.all_lists
          OR audience = 'ONLY_LIST' AND audience_list_id = ANY (asked.only_lists)
          OR audience = 'EXCEPT_LIST' AND audience_list_id = ANY (asked.except_lists)
        )
      ) AS post
      GROUP BY asked.moblog`,
    values: [asked(moblogs), viewerId, now],
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
  now: Date,
): Promise<(Date | null)[]> {
  const { rows } = await pool.query<{ id: string; latest: Date }>({
    name: 'moblog-latest',
    text: `SELECT asked.moblog AS id, max(newest.published_at) AS latest
      FROM jsonb_to_recordset($1) AS asked (${CHANNEL_COLUMNS})
      CROSS JOIN LATERAL (${newestInChannels('published_at', {
        where: `published_at < 'infinity' AND ${isLive('$3')} AND ${notHidden('post.id', '$2')}`,
        limit: '1',
      })}) AS newest
      GROUP BY asked.moblog`,
    values: [asked(moblogs), viewerId, now],
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
  return JSON.stringify(moblogs.map(({ id, relationship }) => askedChannels(id, relationship)))
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | undefined)[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id))
}
