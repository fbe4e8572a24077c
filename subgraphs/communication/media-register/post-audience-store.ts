import type { SetPostAudienceInput } from '../../../generated/graphql/internal/communication.ts'
import type { Db } from '../database.ts'
import type { PostAudience } from './audience-breadth.ts'

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

/**
 * Locks the row of a post, which it adds first if needed. Returns false if a report with the same or a newer revision
 * was faster.
 */
export async function holdPost(tx: Db, post: SetPostAudienceInput): Promise<boolean> {
  await tx.$executeRaw`
    INSERT INTO posts (id, owner_id, audience, revision)
    VALUES (${post.postId}::uuid, ${post.ownerId}::uuid, 'ONLY_ME', 0) ON CONFLICT (id) DO NOTHING`
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM posts WHERE id = ${post.postId}::uuid AND owner_id = ${post.ownerId}::uuid
      AND revision < ${post.revision} FOR UPDATE`
  return held.length === 1
}

/** Removes the row that was added to lock a post, if no report of the post has been accepted. */
export async function forgetPost(tx: Db, postId: string): Promise<void> {
  await tx.post.deleteMany({ where: { id: postId, revision: 0 } })
}

/**
 * Locks the audience list of a post against changes until the transaction ends. A change of the list that commits later
 * then knows of the post, and revokes the tokens of users who leave its audience. Call it before anything else is locked:
 * lists come before posts, and posts before media, here and when an account is deleted.
 */
export async function holdAudienceList(tx: Db, { audienceListId }: SetPostAudienceInput): Promise<void> {
  if (audienceListId == null) return
  await tx.$queryRaw`SELECT FROM audience_lists WHERE id = ${audienceListId}::uuid FOR SHARE`
}

/** Locks the media that the post showed or will show, in the order of their ids, and returns these ids. */
export async function holdMedia(
  tx: Db,
  { postId, ownerId, mediaIds }: Pick<SetPostAudienceInput, 'postId' | 'ownerId' | 'mediaIds'>,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM media
    WHERE owner_id = ${ownerId}::uuid AND (id = ANY(${mediaIds}::uuid[])
      OR id IN (SELECT media_id FROM post_media WHERE post_id = ${postId}::uuid))
    ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

/** Finds the audiences of the posts that show each of some locked media, with posts that have just expired. */
export async function findAudiences(
  tx: Db,
  mediaIds: readonly string[],
): Promise<Map<string, PostAudience[]>> {
  const rows = await tx.$queryRaw<(PostAudience & { mediaId: string })[]>`
    SELECT DISTINCT post_media.media_id AS "mediaId", posts.audience, posts.audience_list_id AS "audienceListId"
    FROM post_media JOIN posts ON posts.id = post_media.post_id
    WHERE post_media.media_id = ANY(${mediaIds}::uuid[])`
  return new Map(mediaIds.map((id) => [id, rows.filter(({ mediaId }) => mediaId === id)]))
}

/** Writes the reported audience of a locked post. */
export async function writePost(tx: Db, post: SetPostAudienceInput): Promise<void> {
  await tx.$executeRaw`
    UPDATE posts SET audience = ${post.audience}::audience, audience_list_id = ${post.audienceListId ?? null}::uuid,
      expires_at = ${post.expiresAt ?? null}::timestamptz, revision = ${post.revision}
    WHERE id = ${post.postId}::uuid`
}

/** Makes a post show these media and no others. */
export async function replaceMedia(tx: Db, { postId, mediaIds }: SetPostAudienceInput): Promise<void> {
  await tx.postMedia.deleteMany({ where: { postId, mediaId: { notIn: mediaIds } } })
  const data = mediaIds.map((mediaId) => ({ postId, mediaId }))
  await tx.postMedia.createMany({ data, skipDuplicates: true })
}

/** Records that tokens for some locked media that were issued until an instant are revoked. */
export async function markRevoked(tx: Db, mediaIds: readonly string[], until: Date): Promise<void> {
  await tx.media.updateMany({ where: { id: { in: [...mediaIds] } }, data: { revokedAt: until } })
}

/** Marks those of some locked media as deleted that no post shows, and returns their ids in order. */
export async function markUnshownGone(
  tx: Db,
  mediaIds: readonly string[],
  { now, until }: { now: Date; until: Date },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE media SET gone_at = ${now}::timestamptz, revoked_at = ${until}::timestamptz
    WHERE id = ANY(${mediaIds}::uuid[]) AND gone_at IS NULL
      AND NOT EXISTS (SELECT FROM post_media WHERE media_id = media.id)
    RETURNING id`
  return rows.map(({ id }) => id).sort()
}
