import { systemClock } from '../../platform/clock.ts'
import { sweepAllObjects } from './housekeeping/sweep-media-objects.ts'
import type { Stores } from './maintenance.ts'
import { createSkips } from './objects/skipped-entries.ts'
import { giveUpExpired, removeStrayFiles, reviewUploadQuarantine } from './uploads/sweep-uploads.ts'
import { createUploadLocks } from './uploads/upload-locks.ts'

/**
 * Runs the recurring sweeps of the service immediately, and prints what they did.
 *
 * @param isDryRun only prints what the sweeps would do
 * @returns the exit code of `npm run storage:sweep`: 1 if media files lack their bytes or an entry was skipped, otherwise 0
 */
export async function runSweep(
  { db, objects, files, log, quarantineMs }: Stores,
  isDryRun: boolean,
): Promise<number> {
  const did = isDryRun ? 'would be ' : ''
  const say = (ids: readonly string[], what: string) =>
    process.stdout.write([`${ids.length} ${what}`, ...ids.map((id) => `  ${id}`), ''].join('\n'))
  const skips = createSkips()
  const sweep = { db, files, locks: createUploadLocks(), clock: systemClock, skips, log, isDryRun }
  const kept = await reviewUploadQuarantine(sweep, quarantineMs)
  say(kept.restored, `files of uploads ${did}restored from quarantine:`)
  say(kept.removed, `files of uploads whose time in quarantine is over ${did}deleted:`)
  say(await giveUpExpired(sweep), `expired uploads ${did}given up:`)
  const strays = await removeStrayFiles(sweep)
  say(strays.removed, `files of finished uploads ${did}removed:`)
  say(strays.quarantined, `files of unknown uploads ${did}moved to quarantine:`)
  const swept = await sweepAllObjects({ objects, db, clock: systemClock, skips, log, quarantineMs, isDryRun })
  say(swept.restored, `folders of media ${did}restored from quarantine:`)
  say(swept.quarantined, `folders of unknown media ${did}moved to quarantine:`)
  say(swept.removed, `folders of deleted media, or whose time in quarantine is over, ${did}deleted:`)
  say(swept.missing, 'media whose files are missing:')
  const entries = skips.entries().map(({ path, reason }) => `  ${path}: ${reason}`)
  process.stdout.write([`${skips.count()} entries left alone:`, ...entries, ''].join('\n'))
  return swept.missing.length > 0 || skips.count() > 0 ? 1 : 0
}
