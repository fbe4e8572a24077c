import type { Db } from '../database.ts'
import type { DisplayImage } from './rendition.ts'

/** A display image with its media id. */
export type StoredDisplayImage = DisplayImage & { mediaId: string }

/** Finds the display images of media files, in no particular order. */
export async function findDisplayImages(db: Db, mediaIds: readonly string[]): Promise<StoredDisplayImage[]> {
  const rows = await db.displayImage.findMany({ where: { mediaId: { in: [...mediaIds] } } })
  return rows.map((row) => ({ ...row, byteSize: Number(row.byteSize) }))
}

/** How many display images there are. */
export function countDisplayImages(db: Db): Promise<number> {
  return db.displayImage.count()
}

/** Inserts or updates display images. */
export async function saveDisplayImages(
  db: Db,
  mediaId: string,
  made: readonly DisplayImage[],
): Promise<void> {
  for (const { objectName, ...image } of made) {
    await db.displayImage.upsert({
      where: { mediaId_objectName: { mediaId, objectName } },
      create: { mediaId, objectName, ...image },
      update: image,
      select: { objectName: true },
    })
  }
}
