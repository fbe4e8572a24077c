import type { Audience } from '../../../generated/graphql/internal/communication.ts'
import { isInAudience } from '../access/in-audience.ts'
import type { Db, RootDb } from '../database.ts'
import { isNotHiddenByPost } from './hidden-by-post.ts'
import { isNotifiedOfMention } from './mention-store.ts'

/** A post whose readers are notified. */
export type SharedPost = {
  postId: string
  authorId: string
  audience: Audience
  audienceListId: string | null
}

/** A user whom a post mentions or has mentioned, and who may see it. */
export type MentionReader = { id: string; isFriend: boolean; hasMutedAuthor: boolean }

const FIND_READERS = `
  SELECT r.other_id::text AS id FROM relationships r
  LEFT JOIN relationships back ON back.user_id = r.other_id AND back.other_id = r.user_id
  WHERE r.user_id = $1::uuid AND r.kind = 'FRIEND' AND back.muted_at IS NULL AND r.other_id > $2::uuid
    AND ${isInAudience('$4', '$5::uuid', '$1::uuid', 'r.other_id')}
    AND NOT ${isNotifiedOfMention('$6', 'r.other_id')}
  ORDER BY r.other_id LIMIT $3::int`

const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * Finds friends of an author who are in the audience of a post, have not muted the author and are not notified of a mention
 * in it, in the order of their ids.
 *
 * @param after the last friend of the previous batch; undefined for the first batch
 */
export async function findReaders(
  db: RootDb,
  { postId, authorId, audience, audienceListId }: SharedPost,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const values = [authorId, after ?? FIRST, limit, audience, audienceListId, postId]
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(FIND_READERS, ...values)
  return rows.map(({ id }) => id)
}

const FIND_MENTION_READERS = `
  SELECT u.id::text AS id, r.kind IS NOT DISTINCT FROM 'FRIEND' AS "isFriend", r.muted_at IS NOT NULL AS "hasMutedAuthor"
  FROM users u LEFT JOIN relationships r ON r.user_id = u.id AND r.other_id = $1::uuid
  WHERE u.id = ANY ($2::uuid[]) AND u.id <> $1::uuid AND coalesce(r.kind, 'NONE') NOT IN ('BLOCKED', 'BLOCKED_BY')
    AND ($3::text = 'PUBLIC' OR r.kind = 'FRIEND' AND ${isInAudience('$3', '$4::uuid', '$1::uuid', 'u.id')})
  ORDER BY u.id`

/** Finds those of the users whom a post mentions who may see it, in the order of their ids. */
export function findMentionReaders(
  tx: Db,
  { authorId, audience, audienceListId }: SharedPost,
  mentionedIds: readonly string[],
): Promise<MentionReader[]> {
  return tx.$queryRawUnsafe(FIND_MENTION_READERS, authorId, mentionedIds, audience, audienceListId)
}

const FIND_UNHIDDEN = `
  SELECT id::text FROM unnest($1::uuid[]) AS recipient(id) WHERE ${isNotHiddenByPost('$2::uuid', 'recipient.id')}`

/**
 * Finds those of some users whose notifications about a post are not hidden. A hidden notification would take a position in
 * the inbox, from which its user would learn that something happens on a post that is no longer theirs to see.
 */
export async function findUnhidden(db: Db, postId: string, userIds: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(FIND_UNHIDDEN, userIds, postId)
  return rows.map(({ id }) => id)
}
