import type { Pool } from '../database.ts'

/** A moblog and its rank in a home page list. */
export type RankedMoblog = { id: string; rank: string }

/** The orders of the home page lists. */
export type HomeOrder = 'hot' | 'newest'

// Each order has an index. The rank is null if the moblog has no public posts.
const RANK = { hot: 'hot', newest: 'newest_public_at' } as const

// A position above every possible rank, so that the first page needs no separate condition.
const TYPE = { hot: 'float8', newest: 'timestamptz' } as const
const FIRST: RankedMoblog = { rank: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

/** The moblogs of a home page list after a position, without checking who may see them. */
export async function findHomeMoblogs(
  pool: Pool,
  order: HomeOrder,
  count: number,
  after: RankedMoblog | null,
): Promise<RankedMoblog[]> {
  const { rank, id } = after ?? FIRST
  const text = order === 'hot' ? 'hot::text' : `to_char(newest_public_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  const { rows } = await pool.query<RankedMoblog>({
    name: `${order}-moblogs`,
    text: `SELECT id, ${text} AS rank FROM moblog
      WHERE (${RANK[order]}, id) < ($1::${TYPE[order]}, $2::uuid)
      ORDER BY ${RANK[order]} DESC, id DESC LIMIT $3`,
    values: [rank, id, count],
  })
  return rows
}
