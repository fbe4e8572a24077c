import type { Db } from '../database.ts'

/** The captions of a media file in one language, without their text. */
export type StoredCaptions = {
  mediaId: string
  language: string
  label: string
  byteSize: number
  /** Another one for each text. */
  version: string
}

const DESCRIPTION = { mediaId: true, language: true, label: true, byteSize: true, version: true } as const

/** Lists the captions of media files, in the order of their languages. */
export function listCaptions(db: Db, mediaIds: readonly string[]): Promise<StoredCaptions[]> {
  return db.captions.findMany({
    where: { mediaId: { in: [...mediaIds] } },
    orderBy: { language: 'asc' },
    select: DESCRIPTION,
  })
}

/** The text of captions; null if the media file has none in this language. */
export async function findCaptionsText(db: Db, mediaId: string, language: string): Promise<string | null> {
  const row = await db.captions.findUnique({
    where: { mediaId_language: { mediaId, language } },
    select: { text: true },
  })
  return row?.text ?? null
}

/** Inserts captions, or replaces those in the same language. */
export async function saveCaptions(db: Db, captions: StoredCaptions & { text: string }): Promise<void> {
  const { mediaId, language, ...content } = captions
  await db.captions.upsert({
    where: { mediaId_language: { mediaId, language } },
    create: captions,
    update: content,
    select: { language: true },
  })
}

/** Deletes captions; returns false if there are none in this language. */
export async function deleteCaptions(db: Db, mediaId: string, language: string): Promise<boolean> {
  const { count } = await db.captions.deleteMany({ where: { mediaId, language } })
  return count > 0
}

/** What a change of captions needs to know of their media file. */
export type CaptionedMedia = { kind: 'AUDIO' | 'VIDEO' | 'IMAGE'; revision: number }

/**
 * Counts a change of a media file's captions, and locks the media file until the transaction ends.
 *
 * @returns null if this owner has no such media file
 */
export async function countCaptionsChange(
  db: Db,
  id: string,
  ownerId: string,
): Promise<CaptionedMedia | null> {
  const [row] = await db.media.updateManyAndReturn({
    where: { id, ownerId },
    data: { captionsRevision: { increment: 1 } },
    select: { kind: true, captionsRevision: true },
  })
  return row ? { kind: row.kind, revision: row.captionsRevision } : null
}
