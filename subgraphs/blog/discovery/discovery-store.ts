import type pg from 'pg'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'

/** A moblog in one of the orders of the home page. */
export type RankedMoblog = { id: string; rank: string }

/** The orders of the home page. */
export type HomeOrder = 'hot' | 'newest'

// An index is there for each order; a rank that is null stands for a moblog that everyone may see nothing of.
const RANK = { hot: 'hot', newest: 'newest_public_at' } as const

// The limits of what a rank can be, so that the first page needs no condition of its own.
const TYPE = { hot: 'float8', newest: 'timestamptz' } as const
const FIRST: readonly string[] = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff']

/** Moblogs in one of the orders of the home page, whoever looks. */
export async function findHomeMoblogs(
  pool: pg.Pool,
  order: HomeOrder,
  count: number,
  after: readonly string[] | null,
): Promise<RankedMoblog[]> {
  const [rank, id] = after ? readPosition(order, after) : FIRST
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

function readPosition(order: HomeOrder, [rank = '', id = '']: readonly string[]): [string, string] {
  const isRank = order === 'hot' ? /^-?\d+(\.\d+)?$/.test(rank) : !Number.isNaN(Date.parse(rank))
  if (!isRank || !isId(id)) throw badInput('"after" is not a cursor of this list.')
  return [rank, id]
}
