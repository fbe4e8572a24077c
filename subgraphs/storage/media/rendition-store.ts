import type { Db } from '../database.ts'
import type { Playlist, Rendition, Role } from './rendition.ts'

const RENDITION = {
  mediaId: true,
  role: true,
  objectName: true,
  mimeType: true,
  byteSize: true,
  width: true,
  height: true,
} as const

/** A rendition with its media id. */
export type StoredRendition = Rendition & { mediaId: string }

/** Finds the renditions of media files, in no particular order. */
export async function findRenditions(db: Db, mediaIds: readonly string[]): Promise<StoredRendition[]> {
  const rows = await db.rendition.findMany({ where: { mediaId: { in: [...mediaIds] } }, select: RENDITION })
  return rows.map(toRendition)
}

/** Counts the renditions of all media whose object has another name. */
export function countRenditionsExcept(db: Db, objectName: string): Promise<number> {
  return db.rendition.count({ where: { objectName: { not: objectName } } })
}

function toRendition(row: Omit<StoredRendition, 'byteSize'> & { byteSize: bigint }): StoredRendition {
  return { ...row, byteSize: Number(row.byteSize) }
}

/** Inserts or updates renditions. */
export async function saveRenditions(db: Db, mediaId: string, made: readonly Rendition[]): Promise<void> {
  for (const { role, ...rendition } of made) {
    await db.rendition.upsert({
      where: { mediaId_role: { mediaId, role } },
      create: { mediaId, role, ...rendition },
      update: rendition,
      select: { role: true },
    })
  }
}

/** Deletes an unfinished rendition, and the playlists of a stream. */
export async function removeRendition(db: Db, mediaId: string, role: Role): Promise<void> {
  await db.rendition.deleteMany({ where: { mediaId, role } })
  if (role === 'STREAM') await db.playlist.deleteMany({ where: { mediaId } })
}

/** Inserts or updates playlists. */
export async function savePlaylists(db: Db, mediaId: string, playlists: readonly Playlist[]): Promise<void> {
  for (const { name, ...playlist } of playlists) {
    await db.playlist.upsert({
      where: { mediaId_name: { mediaId, name } },
      create: { mediaId, name, ...playlist },
      update: playlist,
      select: { name: true },
    })
  }
}

/** Deletes all playlists of a media file except these. */
export async function removeOtherPlaylists(
  db: Db,
  mediaId: string,
  playlists: readonly Playlist[],
): Promise<void> {
  const kept = playlists.map(({ name }) => name)
  await db.playlist.deleteMany({ where: { mediaId, name: { notIn: kept } } })
}

/** Finds a playlist; null if there is none of this name. */
export function findPlaylist(db: Db, mediaId: string, name: string): Promise<Playlist | null> {
  return db.playlist.findUnique({
    where: { mediaId_name: { mediaId, name } },
    select: { name: true, text: true, isComplete: true },
  })
}
