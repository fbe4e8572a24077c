import type { Audience, SetPostAudienceInput } from '../../../generated/graphql/communication.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { OnMediaRevoked } from './register-store.ts'

type Transaction = Prisma.TransactionClient

const BREADTH: Record<Audience, number> = { ONLY_ME: 0, FRIENDS: 1, PUBLIC: 2 }

/** Whether some who could play before no longer can. */
function isNarrower(now: Audience, before: Audience): boolean {
  return BREADTH[now] < BREADTH[before]
}

/**
 * Takes down which media a post shows and to whom, and gives each medium the widest audience of the posts that show it.
 * Where a medium's audience gets narrower, tokens that were issued before are revoked.
 *
 * @returns media that the register does not know as the owner's; where any, nothing was changed
 */
export function recordPost(
  db: PrismaClient,
  post: SetPostAudienceInput,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<string[]> {
  return db.$transaction((tx) => recordPostIn(tx, post, now, onRevoked))
}

/** The same as a part of a transaction, the last one in it. */
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
  if (known && known.ownerId !== post.ownerId) throw new Error('the post is of another user')
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

// A medium that was deleted after the post began to show it is no reason to refuse the post's next revision, which may
// narrow the audience of the rest.
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

/** Writes the post's row and holds it; false where another report that is as new or newer was faster. */
async function holdPost(tx: Transaction, post: SetPostAudienceInput): Promise<boolean> {
  const written = await tx.$executeRaw`
    INSERT INTO posts AS known (id, owner_id, audience, revision)
    VALUES (${post.postId}::uuid, ${post.ownerId}::uuid, ${post.audience}::audience, ${post.revision})
    ON CONFLICT (id) DO UPDATE SET audience = excluded.audience, revision = excluded.revision
    WHERE known.revision < excluded.revision AND known.owner_id = excluded.owner_id`
  return written === 1
}

/** Holds the media that the post showed or is going to show, in the order of their ids, and tells their audiences. */
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

/** Gives media that are held the widest audience of their posts; returns those that got another one. */
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
