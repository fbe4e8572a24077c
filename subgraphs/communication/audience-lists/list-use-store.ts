import { isInAudience } from '../access/in-audience.ts'
import type { LostMedia } from '../access/revocation-store.ts'
import type { Db } from '../database.ts'

/** A user who is no longer in the audience of the posts that use a list in one of the two ways. */
export type LosingViewer = { viewerId: string; audience: 'ONLY_LIST' | 'EXCEPT_LIST' }

/** A media file of posts that use a list, and a friend who leaves the audience of such a post. */
export type PossibleLoss = LostMedia & { isLost: boolean }

// A viewer has lost a media file if no other post shows it. Nobody but friends could play it because of a list.
const FIND_LOSSES = `
  SELECT possible.viewer_id AS "viewerId", possible.media_id AS "mediaId", NOT EXISTS (
    SELECT FROM post_media JOIN posts p ON p.id = post_media.post_id
    WHERE post_media.media_id = possible.media_id AND (p.expires_at IS NULL OR p.expires_at > $5::timestamptz)
      AND ${isInAudience('p.audience', 'p.audience_list_id', 'p.owner_id', 'possible.viewer_id')}
  ) AS "isLost"
  FROM (
    SELECT DISTINCT losing.viewer_id, post_media.media_id
    FROM unnest($3::uuid[], $4::text[]) AS losing (viewer_id, audience)
    JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = losing.viewer_id AND r.kind = 'FRIEND'
    JOIN posts ON posts.audience_list_id = $2::uuid AND posts.owner_id = $1::uuid
      AND posts.audience::text = losing.audience
    JOIN post_media ON post_media.post_id = posts.id
    LIMIT $6::int
  ) AS possible
  ORDER BY 1, 2`

/** Finds the media that viewers may have lost by a change of a locked list. Call it after the change. */
export function findLosses(
  tx: Db,
  list: { ownerId: string; listId: string },
  losing: readonly LosingViewer[],
  now: Date,
  limit: number,
): Promise<PossibleLoss[]> {
  const viewerIds = losing.map(({ viewerId }) => viewerId)
  const audiences = losing.map(({ audience }) => audience)
  return tx.$queryRawUnsafe(FIND_LOSSES, list.ownerId, list.listId, viewerIds, audiences, now, limit)
}

/** Records that friends' tokens for all that an owner has are revoked. Returns those of the users who are friends. */
export function revokeFriends(
  tx: Db,
  ownerId: string,
  viewerIds: readonly string[],
  until: Date,
): Promise<{ viewerId: string }[]> {
  return tx.$queryRaw`
    UPDATE relationships SET revoked_at = ${until}::timestamptz
    WHERE user_id = ANY (${viewerIds}::uuid[]) AND other_id = ${ownerId}::uuid AND kind = 'FRIEND'
    RETURNING user_id AS "viewerId"`
}

/** Locks a user, so that none of the user's friendships begins or ends before the transaction does. */
export async function holdFriendships(tx: Db, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM users WHERE id = ${userId}::uuid FOR UPDATE`
}

/** Finds an owner's friends, and by which use of a list each of them sees posts. */
export function findReaders(tx: Db, ownerId: string, listId: string): Promise<LosingViewer[]> {
  return tx.$queryRaw`
    SELECT r.other_id AS "viewerId", CASE WHEN m.user_id IS NULL THEN 'EXCEPT_LIST' ELSE 'ONLY_LIST' END AS audience
    FROM relationships r
    LEFT JOIN audience_list_members m ON m.list_id = ${listId}::uuid AND m.user_id = r.other_id
    WHERE r.user_id = ${ownerId}::uuid AND r.kind = 'FRIEND'`
}
