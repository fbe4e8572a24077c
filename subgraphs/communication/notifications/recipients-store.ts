import type { Audience } from '../../../generated/graphql/internal/communication.ts'
import type { RootDb } from '../database.ts'
import { isInAudience } from './in-audience.ts'

/** A post whose readers are notified. */
export type SharedPost = { authorId: string; audience: Audience; audienceListId: string | null }

const FIND_READERS = `
  SELECT r.other_id::text AS id FROM relationships r
  LEFT JOIN relationships back ON back.user_id = r.other_id AND back.other_id = r.user_id
  WHERE r.user_id = $1::uuid AND r.kind = 'FRIEND' AND back.muted_at IS NULL AND r.other_id > $2::uuid
    AND ${isInAudience('$4', '$5::uuid', '$1::uuid', 'r.other_id')}
  ORDER BY r.other_id LIMIT $3::int`

const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * Finds friends of an author who are in the audience of a post and have not muted the author, in the order of their ids.
 *
 * @param after the last friend of the previous batch; undefined for the first batch
 */
export async function findReaders(
  db: RootDb,
  { authorId, audience, audienceListId }: SharedPost,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const values = [authorId, after ?? FIRST, limit, audience, audienceListId]
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(FIND_READERS, ...values)
  return rows.map(({ id }) => id)
}
