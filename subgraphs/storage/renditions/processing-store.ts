import type { Db } from '../database.ts'

/**
 * Counts one more attempt to make a media file's renditions. It is counted before the work starts, so work that crashes
 * this process is not retried forever.
 *
 * @returns the number of attempts so far; null if there is nothing to do because the media is gone or has its
 * renditions
 */
export async function countAttempt(db: Db, id: string): Promise<number | null> {
  const [row] = await db.media.updateManyAndReturn({
    where: { id, state: 'PROCESSING' },
    data: { attempts: { increment: 1 } },
    select: { attempts: true },
  })
  return row?.attempts ?? null
}

/** Uncounts the last attempt, which failed for a reason that is not in the file. */
export async function forgetAttempt(db: Db, id: string): Promise<void> {
  await db.media.updateMany({ where: { id, attempts: { gt: 0 } }, data: { attempts: { decrement: 1 } } })
}

/** Locks a media file in state PROCESSING until the transaction ends; false if it is not in this state. */
export async function holdProcessing(db: Db, id: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT id FROM media WHERE id = ${id}::uuid AND state = 'PROCESSING' FOR UPDATE`
  return rows.length === 1
}

/** Saves the rendition progress in percent. */
export async function saveProgress(db: Db, id: string, processingPercent: number): Promise<void> {
  await db.media.updateMany({ where: { id, state: 'PROCESSING' }, data: { processingPercent } })
}

/** Saves the measured duration in seconds. */
export async function saveDuration(db: Db, id: string, durationSeconds: number): Promise<void> {
  await db.media.updateMany({ where: { id, state: 'PROCESSING' }, data: { durationSeconds } })
}

/** How a media file looks and sounds; a missing part stays as it is. */
export type Appearance = { placeholder?: string; dominantColor?: string; waveform?: Uint8Array<ArrayBuffer> }

/** Saves how a media file looks and sounds. */
export async function saveAppearance(db: Db, id: string, appearance: Appearance): Promise<void> {
  if (Object.keys(appearance).length === 0) return
  await db.media.updateMany({ where: { id }, data: appearance })
}

/** How processing ended: `READY` with all renditions, or a failure code and message for the media's owner. */
export type End = 'READY' | { code: 'UNSUPPORTED_MEDIA' | 'STORAGE_UNAVAILABLE'; message: string }

/** Saves the result of processing and ends it. */
export async function endProcessing(db: Db, id: string, end: End): Promise<void> {
  const outcome =
    end === 'READY'
      ? { state: end }
      : { state: 'FAILED' as const, failureCode: end.code, failureMessage: end.message }
  await db.media.updateMany({
    where: { id, state: 'PROCESSING' },
    data: { ...outcome, processingPercent: null },
  })
}

/** Lists the media files whose renditions are queued or in progress. */
export async function findProcessing(db: Db): Promise<string[]> {
  const rows = await db.media.findMany({ where: { state: 'PROCESSING' }, select: { id: true } })
  return rows.map(({ id }) => id)
}
