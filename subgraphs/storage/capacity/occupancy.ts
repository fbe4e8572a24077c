import type { Db } from '../database.ts'
import { UNFINISHED } from '../uploads/upload.ts'

const RESERVATIONS_LOCK = 0x6d6f6201

/**
 * Lets one reservation be made at a time, in all processes, until the transaction ends: between counting what is free
 * and taking it nobody else may take it.
 */
export async function lockReservations(tx: Db): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RESERVATIONS_LOCK}::bigint)`
}

/** What one user takes, in bytes. */
export type UserOccupancy = {
  /** Their media, with all variants that were made of them. */
  used: number
  /** The most that their unfinished uploads may have. */
  reserved: number
  /** The part of it that no room is held for yet. */
  unheld: number
  /** How many uploads are unfinished. */
  open: number
}

/** What one user stores, and has announced in unfinished uploads. */
export async function userOccupancy(db: Db, ownerId: string): Promise<UserOccupancy> {
  const [stored, variants, unfinished] = await Promise.all([
    db.medium.aggregate({ where: { ownerId }, _sum: { byteSize: true } }),
    // A variant that is the original itself takes nothing more.
    db.rendition.aggregate({
      where: { medium: { ownerId }, objectName: { not: 'original' } },
      _sum: { byteSize: true },
    }),
    db.upload.aggregate({
      where: { ownerId, state: { in: [...UNFINISHED] } },
      _sum: { maxBytes: true, heldBytes: true },
      _count: true,
    }),
  ])
  const reserved = Number(unfinished._sum.maxBytes ?? 0)
  return {
    used: Number(stored._sum.byteSize ?? 0) + Number(variants._sum.byteSize ?? 0),
    reserved,
    unheld: reserved - Number(unfinished._sum.heldBytes ?? 0),
    open: unfinished._count,
  }
}

/** What all users share. */
export type SharedOccupancy = {
  /** Stored media and what unfinished uploads hold, in bytes; 0 where nothing but the disk limits it. */
  taken: number
  /** What unfinished uploads hold and has not arrived: it is not on the disk yet, and spoken for. In bytes. */
  ahead: number
  /** How many uploads are unfinished. */
  open: number
}

/** What all users' media and unfinished uploads take together. */
export async function sharedOccupancy(db: Db, limits: { total: number | null }): Promise<SharedOccupancy> {
  const { _sum, _count } = await db.upload.aggregate({
    where: { state: { in: [...UNFINISHED] } },
    _sum: { heldBytes: true, receivedBytes: true },
    _count: true,
  })
  const held = Number(_sum.heldBytes ?? 0)
  return {
    taken: limits.total === null ? 0 : held + (await totalStored(db)),
    ahead: held - Number(_sum.receivedBytes ?? 0),
    open: _count,
  }
}

/** What all media take with what was made of them, in bytes. */
async function totalStored(db: Db): Promise<number> {
  const [originals, renditions] = await Promise.all([
    db.medium.aggregate({ _sum: { byteSize: true } }),
    // A form that is the original itself takes nothing more.
    db.rendition.aggregate({ where: { objectName: { not: 'original' } }, _sum: { byteSize: true } }),
  ])
  return Number(originals._sum.byteSize ?? 0) + Number(renditions._sum.byteSize ?? 0)
}
