import type { Audience, SetPostAudienceInput } from '../../../generated/graphql/internal/communication.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { OnMediaRevoked } from './register-store.ts'

type Transaction = Prisma.TransactionClient

const BREADTH: Record<Audience, number> = { ONLY_ME: 0, FRIENDS: 1, PUBLIC: 2 }

/** Whether some viewers who could play the media before no longer can. */
function isNarrower(now: Audience, before: Audience): boolean {
  return BREADTH[now] < BREADTH[before]
}

/**
 * Records which media a post shows and to which audience, and gives each media file the widest audience of its posts.
 * If the audience of a media file becomes narrower, its older tokens are revoked.
 *
 * @returns the media that the register does not know as the owner's; if there are any, nothing was changed
 */
export function recordPost(
  db: PrismaClient,
  post: SetPostAudienceInput,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<string[]> {
  return db.$transaction((tx) => recordPostIn(tx, post, now, onRevoked))
}

/** Does the same as part of a transaction, as its last step. */
export async function recordPostIn(
  tx: Transaction,
  post: SetPostAudienceInput,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<string[]> {
  const known = await tx.post.findUnique({
    where: { id: post.postId },
    select: { revision: true, ownerId: true },
  })
  if (known && known.ownerId !== post.ownerId) throw new Error('the post belongs to another user')
  if (known && known.revision >= post.revision) return []
  const unknown = await findUnknownMedia(tx, post)
  if (unknown.length > 0) return unknown
  if (!(await holdPost(tx, post))) return []
  const before = await holdMedia(tx, post)
  await replaceMedia(tx, post)
  const changed = await widenOrNarrow(tx, [...before.keys()], now)
  for (const media of changed.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (isNarrower(media.audience, before.get(media.id) ?? 'ONLY_ME')) {
      await onRevoked(tx, media.id, media.revoked_at ?? now)
    }
  }
  return []
}

// Media may be deleted while a post shows it. The post's next revision is accepted nevertheless, because it may narrow
// the audience of the other media.
async function findUnknownMedia(tx: Transaction, { postId, ownerId, mediaIds }: SetPostAudienceInput) {
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
async function holdPost(tx: Transaction, post: SetPostAudienceInput): Promise<boolean> {
  const written = await tx.$executeRaw`
    INSERT INTO posts AS known (id, owner_id, audience, revision)
    VALUES (${post.postId}::uuid, ${post.ownerId}::uuid, ${post.audience}::audience, ${post.revision})
    ON CONFLICT (id) DO UPDATE SET audience = excluded.audience, revision = excluded.revision
    WHERE known.revision < excluded.revision AND known.owner_id = excluded.owner_id`
  return written === 1
}

/** Locks the media that the post showed or will show, in the order of their ids, and returns their audiences. */
async function holdMedia(
  tx: Transaction,
  { postId, mediaIds }: SetPostAudienceInput,
): Promise<Map<string, Audience>> {
  const rows = await tx.$queryRaw<{ id: string; audience: Audience }[]>`
    SELECT id, audience FROM media
    WHERE id = ANY(${mediaIds}::uuid[]) OR id IN (SELECT media_id FROM post_media WHERE post_id = ${postId}::uuid)
    ORDER BY id FOR UPDATE`
  return new Map(rows.map(({ id, audience }) => [id, audience]))
}

async function replaceMedia(tx: Transaction, { postId, mediaIds }: SetPostAudienceInput): Promise<void> {
  await tx.postMedia.deleteMany({ where: { postId, mediaId: { notIn: mediaIds } } })
  const data = mediaIds.map((mediaId) => ({ postId, mediaId }))
  await tx.postMedia.createMany({ data, skipDuplicates: true })
}

/** Gives locked media the widest audience of their posts; returns those whose audience changed. */
function widenOrNarrow(tx: Transaction, mediaIds: string[], now: Date) {
  return tx.$queryRaw<{ id: string; audience: Audience; revoked_at: Date | null }[]>`
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
    RETURNING media.id, media.audience, media.revoked_at`
}
