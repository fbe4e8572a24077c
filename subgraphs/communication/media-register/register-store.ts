import type {
  RegisterMediaInput,
  SetMediaCaptionsInput,
} from '../../../generated/graphql/internal/communication.ts'
import { nextRevocation } from '../access/revocation-store.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { publishMediaReady } from '../notifications/kinds/media-ready.ts'
import { publishMediaRejected } from '../notifications/kinds/media-rejected.ts'
import { publishMediaStored } from '../notifications/kinds/media-stored.ts'

/** Called in the same transaction when tokens for a media file that were issued until `revokedAt` are revoked. */
export type OnMediaRevoked = (tx: Db, mediaId: string, revokedAt: Date) => Promise<void>

/**
 * Registers a media file, or updates its variants. Reports may arrive twice and late: variants are only added until the
 * last report lists them all, and a deleted media file stays deleted. The owner is notified when the media is new, and
 * when all its variants were made or none could be made.
 */
export async function upsertMedia(db: RootDb, media: RegisterMediaInput, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const written = await writeMedia(tx, media, now)
    if (written?.isNew) await publishMediaStored(tx, { ...media, at: now })
    if (written && media.state === 'READY') await publishMediaReady(tx, { ...media, at: now })
    if (written && media.state === 'FAILED') await publishMediaRejected(tx, { ...media, at: now })
  })
}

/** Returns whether the media is new to the register; null if it was deleted. */
async function writeMedia(tx: Db, media: RegisterMediaInput, now: Date): Promise<{ isNew: boolean } | null> {
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

/** Records the captions of a media file, unless a newer change is recorded or the media file is deleted. */
export async function recordCaptions(
  db: Db,
  { mediaId, captions, revision }: SetMediaCaptionsInput,
): Promise<void> {
  await db.media.updateMany({
    where: { id: mediaId, goneAt: null, captionsRevision: { lt: revision } },
    data: {
      captions: captions.map(({ language, label }) => ({ language, label })),
      captionsRevision: revision,
    },
  })
}

/** Marks a media file as deleted. If it is already deleted or was never registered, nothing happens. */
export async function markGone(
  db: RootDb,
  mediaId: string,
  now: Date,
  onRevoked: OnMediaRevoked,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [media] = await tx.$queryRaw<{ ownerId: string }[]>`
      SELECT owner_id AS "ownerId" FROM media WHERE id = ${mediaId}::uuid AND gone_at IS NULL FOR UPDATE`
    if (!media) return
    const revokedAt = await nextRevocation(tx, [media.ownerId], now)
    await tx.media.update({
      where: { id: mediaId },
      data: { goneAt: now, captions: [], revokedAt },
      select: { id: true },
    })
    await onRevoked(tx, mediaId, revokedAt)
  })
}
