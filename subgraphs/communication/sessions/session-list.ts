import {
  badCursor,
  type PageRequest,
  readInstant,
  readPageRequest,
  toConnection,
} from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Pool } from '../database.ts'
import { findSessions, type ListPosition } from './session-list-store.ts'

const LIST = 'sessions'

/** Returns a page of a user's sessions, the most recently used first. */
export async function listSessions(
  pool: Pool,
  userId: string,
  currentId: string | null,
  args: { first?: number | null | undefined; after?: string | null | undefined },
  now: Date,
) {
  const request = readPageRequest(args, LIST)
  const rows = await findSessions(pool, {
    userId,
    now,
    limit: request.first + 1,
    after: readPosition(request),
  })
  return toConnection(
    rows,
    request,
    LIST,
    ({ id, lastUsedAt }) => [lastUsedAt.toISOString(), id],
    (row) => ({ ...row, isCurrent: row.id === currentId }),
  )
}

function readPosition({ after }: PageRequest): ListPosition | null {
  const [lastUsedAt, id = ''] = after ?? []
  if (lastUsedAt === undefined) return null
  if (!isId(id)) throw badCursor()
  return { lastUsedAt: readInstant(lastUsedAt), id }
}
