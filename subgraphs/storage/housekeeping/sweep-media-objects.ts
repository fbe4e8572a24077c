import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import type { Db } from '../database.ts'
import { allMediaIds, knownMediaIds } from '../media/media-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Skips } from '../objects/skipped-entries.ts'
import { sweepObjects } from '../objects/sweep-objects.ts'
import { deletedMediaIds } from '../revocations/revocation-store.ts'
import { findUnfinished } from '../uploads/upload-store.ts'

/** The dependencies of sweeping objects. */
export type ObjectSweep = {
  objects: ObjectStore
  db: Db
  clock: Clock
  log: Log
  /** Collects the entries that could not be handled. */
  skips: Skips
  /** How long files that the database does not know are kept in quarantine, in milliseconds. */
  quarantineMs: number
  /** Only report what would be done. */
  isDryRun?: boolean
}

/** Finds objects without a media row and media rows without objects. */
export function sweepAllObjects(sweep: ObjectSweep) {
  const { objects, db, clock, log, skips, quarantineMs, isDryRun = false } = sweep
  return sweepObjects({
    objects,
    // An upload in verification has its object before its media row exists.
    known: async (folders) => {
      const pending = (await findUnfinished(db)).flatMap(({ mediaId }) => (mediaId ? [mediaId] : []))
      return new Set([...pending, ...(await knownMediaIds(db, folders.filter(isId)))])
    },
    deleted: (folders) => deletedMediaIds(db, folders.filter(isId)),
    expected: () => allMediaIds(db),
    skips,
    log,
    quarantineMs,
    now: clock(),
    isDryRun,
  })
}
