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

/** What one user stores and has reserved, in bytes. */
export async function userOccupancy(db: Db, ownerId: string): Promise<{ used: number; reserved: number }> {
  const [stored, reserved] = await Promise.all([
    db.medium.aggregate({ where: { ownerId }, _sum: { byteSize: true } }),
    db.upload.aggregate({
      where: { ownerId, state: { in: [...UNFINISHED] } },
      _sum: { maxBytes: true },
    }),
  ])
  return { used: Number(stored._sum.byteSize ?? 0), reserved: Number(reserved._sum.maxBytes ?? 0) }
}

/** What each unfinished upload has reserved, in bytes, by the upload's id. */
export async function reservations(db: Db): Promise<Map<string, number>> {
  const rows = await db.upload.findMany({
    where: { state: { in: [...UNFINISHED] } },
    select: { id: true, maxBytes: true },
  })
  return new Map(rows.map(({ id, maxBytes }) => [id, Number(maxBytes)]))
}

/** What all media take with what was made of them, in bytes. */
export async function totalStored(db: Db): Promise<number> {
  const [originals, renditions] = await Promise.all([
    db.medium.aggregate({ _sum: { byteSize: true } }),
    // A form that is the original itself takes nothing more.
    db.rendition.aggregate({ where: { objectName: { not: 'original' } }, _sum: { byteSize: true } }),
  ])
  return Number(originals._sum.byteSize ?? 0) + Number(renditions._sum.byteSize ?? 0)
}
