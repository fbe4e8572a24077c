import { systemClock } from '../../platform/clock.ts'
import { sweepAllObjects } from './housekeeping.ts'
import { maintain } from './maintenance.ts'
import { giveUpExpired, removeStrayFiles } from './uploads/sweep-uploads.ts'
import { createUploadLocks } from './uploads/upload-locks.ts'

// npm run storage:sweep [-- --dry-run]: what the service does by itself from time to time, at once, or only told.
// Ends with 1 where media lack their bytes.
await maintain(async ({ db, objects, files, log }) => {
  const isDryRun = process.argv.includes('--dry-run')
  const did = isDryRun ? 'would be ' : ''
  const say = (ids: readonly string[], what: string) =>
    process.stdout.write([`${ids.length} ${what}`, ...ids.map((id) => `  ${id}`), ''].join('\n'))
  const sweep = { db, files, locks: createUploadLocks(), clock: systemClock, log, isDryRun }
  say(await giveUpExpired(sweep), `uploads whose time is over ${did}given up:`)
  say(await removeStrayFiles(sweep), `files of uploads that are over ${did}removed:`)
  const { removed, missing } = await sweepAllObjects({ objects, db, clock: systemClock, log, isDryRun })
  say(removed, `folders of media that do not exist ${did}removed:`)
  say(missing, 'media whose bytes are not there:')
  return missing.length > 0 ? 1 : 0
})
