import type { RegisterMediaInput } from '../../../generated/graphql/communication.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { tellMediaReady } from '../notifications/sources.ts'

/** Is told, in the same transaction, that tokens for a medium which were issued until an instant are revoked. */
export type OnMediaRevoked = (tx: Prisma.TransactionClient, mediaId: string, revokedAt: Date) => Promise<void>

/**
 * Enters a medium, or what was made of it since. Reports may come twice and late: renditions are only ever added, and
 * a medium that is gone stays gone. Its owner is told of a medium that is new.
 */
export async function upsertMedia(db: PrismaClient, media: RegisterMediaInput, now: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    if (await writeMedia(tx, media, now)) await tellMediaReady(tx, { ...media, at: now })
  })
}

/** Returns whether the medium was not known before. */
async function writeMedia(
  tx: Prisma.TransactionClient,
  media: RegisterMediaInput,
  now: Date,
): Promise<boolean> {
  const [written] = await tx.$queryRaw<{ is_new: boolean }[]>`
    INSERT INTO media AS known (id, owner_id, upload_id, mime_type, duration_seconds,
      has_progressive, has_stream, has_poster, registered_at)
    VALUES (${media.mediaId}::uuid, ${media.ownerId}::uuid, ${media.uploadId}::uuid, ${media.mimeType},
      ${media.durationSeconds ?? null}::float8, ${media.hasProgressive}, ${media.hasStream}, ${media.hasPoster},
      ${now}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET
      has_progressive = known.has_progressive OR excluded.has_progressive,
      has_stream = known.has_stream OR excluded.has_stream,
      has_poster = known.has_poster OR excluded.has_poster,
      duration_seconds = coalesce(excluded.duration_seconds, known.duration_seconds)
    WHERE known.owner_id = excluded.owner_id AND known.gone_at IS NULL
    RETURNING xmax = 0 AS is_new`
  return written?.is_new ?? false
}

/** Marks a medium as gone; where it is already, or never was, nothing happens. */
export async function markGone(
  db: PrismaClient,
  mediaId: string,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const [gone] = await tx.$queryRaw<{ revoked_at: Date }[]>`
      UPDATE media SET gone_at = ${now}::timestamptz,
        revoked_at = greatest(${now}::timestamptz, revoked_at + interval '1 millisecond')
      WHERE id = ${mediaId}::uuid AND gone_at IS NULL
      RETURNING revoked_at`
    if (gone) await onRevoked(tx, mediaId, gone.revoked_at)
  })
}
