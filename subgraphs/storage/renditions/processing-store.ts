import type { Db } from '../database.ts'

/**
 * Counts one more attempt at a medium's renditions; the number of attempts so far. Counted before the work, so that
 * work which ends this process is not begun for ever.
 *
 * @returns null where there is nothing to do: the medium is gone, or has its renditions
 */
export async function countAttempt(db: Db, id: string): Promise<number | null> {
  const [row] = await db.medium.updateManyAndReturn({
    where: { id, state: 'PROCESSING' },
    data: { attempts: { increment: 1 } },
    select: { attempts: true },
  })
  return row?.attempts ?? null
}

/** The attempt that was counted last was no fault of the file's. */
export async function forgetAttempt(db: Db, id: string): Promise<void> {
  await db.medium.updateMany({ where: { id, attempts: { gt: 0 } }, data: { attempts: { decrement: 1 } } })
}

/** Holds a medium whose renditions are being made until the transaction ends; false where it is not, or no longer. */
export async function holdProcessing(db: Db, id: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT id FROM media WHERE id = ${id}::uuid AND state = 'PROCESSING' FOR UPDATE`
  return rows.length === 1
}

/** Writes down how much is made, in percent. */
export async function saveProgress(db: Db, id: string, processingPercent: number): Promise<void> {
  await db.medium.updateMany({ where: { id, state: 'PROCESSING' }, data: { processingPercent } })
}

/** Writes down how long it really plays, in seconds. */
export async function saveDuration(db: Db, id: string, durationSeconds: number): Promise<void> {
  await db.medium.updateMany({ where: { id, state: 'PROCESSING' }, data: { durationSeconds } })
}

/** How making renditions ended: all are there, or why there are none, for the medium's owner. */
export type End = 'READY' | { code: 'UNSUPPORTED_MEDIA' | 'STORAGE_UNAVAILABLE'; message: string }

/** Writes down that nothing more is being made. */
export async function endProcessing(db: Db, id: string, end: End): Promise<void> {
  const outcome =
    end === 'READY'
      ? { state: end }
      : { state: 'FAILED' as const, failureCode: end.code, failureMessage: end.message }
  await db.medium.updateMany({
    where: { id, state: 'PROCESSING' },
    data: { ...outcome, processingPercent: null },
  })
}

/** Which media's renditions are being made or waited for. */
export async function findProcessing(db: Db): Promise<string[]> {
  const rows = await db.medium.findMany({ where: { state: 'PROCESSING' }, select: { id: true } })
  return rows.map(({ id }) => id)
}
