import type pg from 'pg'
import { type PageRequest, readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'

const LIST = 'sessions'

type SessionRow = { id: string; deviceName: string | null; createdAt: Date; lastUsedAt: Date }

/** Returns a page of a user's sessions, the most recently used first. */
export async function listSessions(
  pool: pg.Pool,
  userId: string,
  currentId: string | null,
  args: { first?: number | null | undefined; after?: string | null | undefined },
  now: Date,
) {
  const request = readPageRequest(args, LIST)
  const rows = await findSessions(pool, userId, request, now)
  return toConnection(
    rows,
    request,
    LIST,
    ({ id, lastUsedAt }) => [lastUsedAt.toISOString(), id],
    (row) => ({ ...row, isCurrent: row.id === currentId }),
  )
}

async function findSessions(pool: pg.Pool, userId: string, { first, after }: PageRequest, now: Date) {
  const [lastUsedAt, id = ''] = after ?? []
  if (lastUsedAt !== undefined && (Number.isNaN(Date.parse(lastUsedAt)) || !isId(id))) {
    throw badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
  }
  const { rows } = await pool.query<SessionRow>({
    text: `SELECT id, device_name AS "deviceName", created_at AS "createdAt", last_used_at AS "lastUsedAt"
      FROM sessions WHERE user_id = $1 AND expires_at > $2
        ${lastUsedAt === undefined ? '' : 'AND (last_used_at, id) < ($4, $5::uuid)'}
      ORDER BY last_used_at DESC, id DESC LIMIT $3`,
    values: [userId, now, first + 1, ...(lastUsedAt === undefined ? [] : [lastUsedAt, id])],
  })
  return rows
}
