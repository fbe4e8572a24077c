import type { Audience, SetPostAudienceInput } from '../../../generated/graphql/internal/communication.ts'
import type { Db } from '../database.ts'

/** Finds the last reported revision of a post, and its owner; null if it was never reported. */
export function findKnownPost(tx: Db, postId: string): Promise<{ revision: number; ownerId: string } | null> {
  return tx.post.findUnique({ where: { id: postId }, select: { revision: true, ownerId: true } })
}

/**
 * Finds the media of a post that the register does not know as the owner's.
 *
 * Media may be deleted while a post shows it. The post's next revision is accepted nevertheless, because it may narrow
 * the audience of the other media.
 */
export async function findUnknownMedia(
  tx: Db,
  { postId, ownerId, mediaIds }: SetPostAudienceInput,
): Promise<string[]> {
  const rows = await tx.media.findMany({
    where: {
      id: { in: mediaIds },
      ownerId,
      OR: [{ goneAt: null }, { posts: { some: { postId } } }],
    },
    select: { id: true },
  })
  const known = new Set(rows.map(({ id }) => id))
  return mediaIds.filter((id) => !known.has(id))
}

/** Writes the post's row and locks it; returns false if a report with the same or a newer revision was faster. */
export async function holdPost(tx: Db, post: SetPostAudienceInput): Promise<boolean> {
  const written = await tx.$executeRaw`
    INSERT INTO posts AS known (id, owner_id, audience, revision)
    VALUES (${post.postId}::uuid, ${post.ownerId}::uuid, ${post.audience}::audience, ${post.revision})
    ON CONFLICT (id) DO UPDATE SET audience = excluded.audience, revision = excluded.revision
    WHERE known.revision < excluded.revision AND known.owner_id = excluded.owner_id`
  return written === 1
}

/** Locks the media that the post showed or will show, in the order of their ids, and returns their audiences. */
export async function holdMedia(
  tx: Db,
  { postId, mediaIds }: SetPostAudienceInput,
): Promise<Map<string, Audience>> {
  const rows = await tx.$queryRaw<{ id: string; audience: Audience }[]>`
    SELECT id, audience FROM media
    WHERE id = ANY(${mediaIds}::uuid[]) OR id IN (SELECT media_id FROM post_media WHERE post_id = ${postId}::uuid)
    ORDER BY id FOR UPDATE`
  return new Map(rows.map(({ id, audience }) => [id, audience]))
}

/** Makes a post show these media and no others. */
export async function replaceMedia(tx: Db, { postId, mediaIds }: SetPostAudienceInput): Promise<void> {
  await tx.postMedia.deleteMany({ where: { postId, mediaId: { notIn: mediaIds } } })
  const data = mediaIds.map((mediaId) => ({ postId, mediaId }))
  await tx.postMedia.createMany({ data, skipDuplicates: true })
}

/** Gives locked media the widest audience of their posts; returns those whose audience changed. */
export function widenOrNarrow(
  tx: Db,
  mediaIds: string[],
  now: Date,
): Promise<{ id: string; audience: Audience; revokedAt: Date | null }[]> {
  return tx.$queryRaw<{ id: string; audience: Audience; revokedAt: Date | null }[]>`
    UPDATE media SET audience = widest.audience,
      revoked_at = CASE WHEN widest.audience < media.audience
        THEN greatest(${now}::timestamptz, revoked_at + interval '1 millisecond') ELSE revoked_at END
    FROM (
      SELECT held.id, coalesce(max(posts.audience), 'ONLY_ME') AS audience
      FROM unnest(${mediaIds}::uuid[]) AS held(id)
      LEFT JOIN post_media ON post_media.media_id = held.id
      LEFT JOIN posts ON posts.id = post_media.post_id
      GROUP BY held.id
    ) AS widest
    WHERE media.id = widest.id AND media.audience <> widest.audience
    RETURNING media.id, media.audience, media.revoked_at AS "revokedAt"`
}
