import type { RegisterMediaInput } from '../../../generated/graphql/communication.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { tellMediaProcessed, tellMediaReady, tellMediaRejected } from '../notifications/sources.ts'

/** Is told, in the same transaction, that tokens for a medium which were issued until an instant are revoked. */
export type OnMediaRevoked = (tx: Prisma.TransactionClient, mediaId: string, revokedAt: Date) => Promise<void>

/**
 * Enters a medium, or what was made of it since. Reports may come twice and late: renditions are only ever added until
 * the last report says what there is, and a medium that is gone stays gone. Its owner is told of a medium that is new,
 * and when everything has been made of it, or nothing could be.
 */
export async function upsertMedia(db: PrismaClient, media: RegisterMediaInput, now: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    const written = await writeMedia(tx, media, now)
    if (written?.isNew) await tellMediaReady(tx, { ...media, at: now })
    if (written && media.state === 'READY') await tellMediaProcessed(tx, { ...media, at: now })
    if (written && media.state === 'FAILED') await tellMediaRejected(tx, { ...media, at: now })
  })
}

/** Returns whether the medium was not known before; null where it is gone. */
async function writeMedia(
  tx: Prisma.TransactionClient,
  media: RegisterMediaInput,
  now: Date,
): Promise<{ isNew: boolean } | null> {
  const isLast = media.state !== 'PROCESSING'
  const [written] = await tx.$queryRaw<{ isNew: boolean }[]>`
    INSERT INTO media AS known (id, owner_id, upload_id, mime_type, duration_seconds,
      has_progressive, has_stream, has_poster, registered_at)
    VALUES (${media.mediaId}::uuid, ${media.ownerId}::uuid, ${media.uploadId}::uuid, ${media.mimeType},
      ${media.durationSeconds ?? null}::float8, ${media.hasProgressive}, ${media.hasStream}, ${media.hasPoster},
      ${now}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET
      has_progressive = excluded.has_progressive OR (known.has_progressive AND NOT ${isLast}),
      has_stream = excluded.has_stream OR (known.has_stream AND NOT ${isLast}),
      has_poster = excluded.has_poster OR (known.has_poster AND NOT ${isLast}),
      duration_seconds = coalesce(excluded.duration_seconds, known.duration_seconds)
    WHERE known.owner_id = excluded.owner_id AND known.gone_at IS NULL
    RETURNING xmax = 0 AS "isNew"`
  return written ?? null
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
