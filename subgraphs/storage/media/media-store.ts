import { joinReadsById } from '../../../platform/database/join-reads-by-id.ts'
import type { Db } from '../database.ts'
import type { Media } from './media.ts'
import type { StoredRendition } from './rendition-store.ts'

const COLUMNS = {
  id: true,
  ownerId: true,
  uploadId: true,
  kind: true,
  state: true,
  title: true,
  altText: true,
  placeholder: true,
  dominantColor: true,
  waveform: true,
  fileName: true,
  mimeType: true,
  byteSize: true,
  sha256: true,
  durationSeconds: true,
  width: true,
  height: true,
  isProgressive: true,
  processingPercent: true,
  failureCode: true,
  failureMessage: true,
  createdAt: true,
} as const

function toMedia(row: Omit<Media, 'byteSize'> & { byteSize: bigint }): Media {
  return { ...row, byteSize: Number(row.byteSize) }
}

/** Inserts a media file. Its description and how it looks and sounds are added later. */
export async function insertMedia(
  db: Db,
  media: Omit<Media, 'altText' | 'placeholder' | 'dominantColor' | 'waveform'>,
): Promise<void> {
  await db.media.create({ data: media, select: { id: true } })
}

/** The texts of a media file that its owner can change; a missing one stays as it is. */
export type MediaTexts = Partial<Pick<Media, 'title' | 'altText'>>

/** Changes the texts of a media file; returns false if this owner has none with this id. */
export async function saveMediaTexts(
  db: Db,
  id: string,
  ownerId: string,
  texts: MediaTexts,
): Promise<boolean> {
  const { count } = await db.media.updateMany({ where: { id, ownerId }, data: texts })
  return count === 1
}

/** The media with these ids, in no particular order. */
export async function findMedia(db: Db, ids: readonly string[]): Promise<Media[]> {
  const rows = await db.media.findMany({ where: { id: { in: [...ids] } }, select: COLUMNS })
  return rows.map(toMedia)
}

/** A media file with its renditions. */
export type MediaWithRenditions = Media & { renditions: StoredRendition[] }

// A prepared statement: this runs for every page of posts, and Prisma takes several times as much processor time for it.
const WITH_RENDITIONS = {
  name: 'media with renditions',
  text: `
    SELECT m.id, m.owner_id AS "ownerId", m.upload_id AS "uploadId", m.kind, m.state, m.title, m.file_name AS "fileName",
      m.alt_text AS "altText", m.placeholder, m.dominant_color AS "dominantColor", m.waveform,
      m.mime_type AS "mimeType", m.byte_size::float8 AS "byteSize", m.sha256, m.duration_seconds AS "durationSeconds",
      m.width, m.height, m.is_progressive AS "isProgressive", m.processing_percent AS "processingPercent",
      m.failure_code AS "failureCode", m.failure_message AS "failureMessage", m.created_at AS "createdAt",
      (
        SELECT coalesce(json_agg(json_build_object(
          'mediaId', r.media_id, 'role', r.role, 'objectName', r.object_name, 'mimeType', r.mime_type,
          'byteSize', r.byte_size, 'width', r.width, 'height', r.height
        )), '[]')
        FROM renditions r WHERE r.media_id = m.id
      ) AS renditions
    FROM media m WHERE m.id = ANY ($1::uuid[])`,
}

/** The media with these ids and their renditions, in one statement. Requests that ask at the same time share the objects. */
export const findMediaWithRenditions = joinReadsById(async (pool, ids) => {
  const { rows } = await pool.query<MediaWithRenditions>({ ...WITH_RENDITIONS, values: [ids] })
  return rows
})

/** The owner's newest media file with exactly these bytes that can be shown; null if there is none. */
export async function findSameBytes(
  db: Db,
  bytes: { ownerId: string; sha256: string; byteSize: number },
): Promise<Media | null> {
  const row = await db.media.findFirst({
    // If no rendition could be made from the bytes, a new upload may succeed.
    where: { ...bytes, state: { not: 'FAILED' } },
    orderBy: { id: 'desc' },
    select: COLUMNS,
  })
  return row && toMedia(row)
}

/** A user's media, newest first: ids are in the order of creation. */
export async function listMediaOf(
  db: Db,
  ownerId: string,
  page: { limit: number; olderThan: string | null },
): Promise<Media[]> {
  const rows = await db.media.findMany({
    where: { ownerId, ...(page.olderThan && { id: { lt: page.olderThan } }) },
    orderBy: { id: 'desc' },
    take: page.limit,
    select: COLUMNS,
  })
  return rows.map(toMedia)
}

/** Deletes a media row; returns false if this owner has none with this id. */
export async function removeMedia(db: Db, id: string, ownerId: string): Promise<boolean> {
  const { count } = await db.media.deleteMany({ where: { id, ownerId } })
  return count === 1
}

/** Which of these media exist. */
export async function knownMediaIds(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.media.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })
  return new Set(rows.map(({ id }) => id))
}

/** Counts all media, and the bytes of their originals. */
export async function countMedia(db: Db): Promise<{ count: number; bytes: number }> {
  const { _count, _sum } = await db.media.aggregate({ _count: true, _sum: { byteSize: true } })
  return { count: _count, bytes: Number(_sum.byteSize ?? 0) }
}

/** The ids of all media, in batches. */
export async function* allMediaIds(db: Db, batch = 1_000): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const rows: { id: string }[] = await db.media.findMany({
      ...(after && { where: { id: { gt: after } } }),
      orderBy: { id: 'asc' },
      take: batch,
      select: { id: true },
    })
    if (rows.length > 0) yield rows.map(({ id }) => id)
    after = rows.at(-1)?.id ?? null
    if (rows.length < batch) return
  }
}
