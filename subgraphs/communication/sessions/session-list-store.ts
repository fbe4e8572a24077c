import type pg from 'pg'

/** A session as its user sees it. */
export type SessionRow = { id: string; deviceName: string | null; createdAt: Date; lastUsedAt: Date }

/** The last session of a page, from which the next page continues. */
export type ListPosition = { lastUsedAt: string; id: string }

/** Finds a user's sessions that have not expired, the most recently used first. */
export async function findSessions(
  pool: pg.Pool,
  { userId, now, limit, after }: { userId: string; now: Date; limit: number; after: ListPosition | null },
): Promise<SessionRow[]> {
  const { rows } = await pool.query<SessionRow>({
    text: `SELECT id, device_name AS "deviceName", created_at AS "createdAt", last_used_at AS "lastUsedAt"
      FROM sessions WHERE user_id = $1 AND expires_at > $2
        ${after ? 'AND (last_used_at, id) < ($4, $5::uuid)' : ''}
      ORDER BY last_used_at DESC, id DESC LIMIT $3`,
    values: [userId, now, limit, ...(after ? [after.lastUsedAt, after.id] : [])],
  })
  return rows
}
