import type { Db } from '../database.ts'

/** The states of an upload in which space is reserved for it. Leaving them releases the reservation. */
export const RESERVING = ['REQUESTED', 'UPLOADING', 'VERIFYING'] as const

const RESERVATIONS_LOCK = 0x6d6f6201

/**
 * Serializes reservations across all processes until the transaction ends. No other request may take free space between the
 * moment it is counted and the moment it is reserved.
 */
export async function lockReservations(tx: Db): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RESERVATIONS_LOCK}::bigint)`
}

/** What one user occupies, in bytes. */
export type UserOccupancy = {
  /** The user's media with all their variants. */
  used: number
  /** The most that the user's unfinished uploads may have. */
  reserved: number
  /** The part of `reserved` for which no disk space is held yet. */
  unheld: number
  /** How many uploads are unfinished. */
  open: number
}

/** What one user stores and has announced in unfinished uploads. */
export async function userOccupancy(db: Db, ownerId: string): Promise<UserOccupancy> {
  const [used, unfinished] = await Promise.all([
    storedBytes(db, { ownerId }),
    db.upload.aggregate({
      where: { ownerId, state: { in: [...RESERVING] } },
      _sum: { maxBytes: true, heldBytes: true },
      _count: true,
    }),
  ])
  const reserved = Number(unfinished._sum.maxBytes ?? 0)
  return {
    used,
    reserved,
    unheld: reserved - Number(unfinished._sum.heldBytes ?? 0),
    open: unfinished._count,
  }
}

/** What all users occupy together. */
export type SharedOccupancy = {
  /** Stored media and the space that unfinished uploads hold, in bytes; 0 if only the disk limits it. */
  taken: number
  /** Space that unfinished uploads hold for bytes that have not arrived: not on the disk yet, but taken. In bytes. */
  ahead: number
  /** How many uploads are unfinished. */
  open: number
}

/** Measures what the media and unfinished uploads of all users take together. */
export async function sharedOccupancy(db: Db, limits: { total: number | null }): Promise<SharedOccupancy> {
  const { _sum, _count } = await db.upload.aggregate({
    where: { state: { in: [...RESERVING] } },
    _sum: { heldBytes: true, receivedBytes: true },
    _count: true,
  })
  const held = Number(_sum.heldBytes ?? 0)
  return {
    taken: limits.total === null ? 0 : held + (await storedBytes(db, {})),
    ahead: held - Number(_sum.receivedBytes ?? 0),
    open: _count,
  }
}

/** The size of media with all their variants and captions, in bytes. */
async function storedBytes(db: Db, media: { ownerId?: string }): Promise<number> {
  const sums = await Promise.all([
    db.media.aggregate({ where: media, _sum: { byteSize: true } }),
    // A variant that is the original takes no additional space.
    db.rendition.aggregate({ where: { media, objectName: { not: 'original' } }, _sum: { byteSize: true } }),
    db.displayImage.aggregate({ where: { media }, _sum: { byteSize: true } }),
    db.captions.aggregate({ where: { media }, _sum: { byteSize: true } }),
  ])
  return sums.reduce((total, { _sum }) => total + Number(_sum.byteSize ?? 0), 0)
}
