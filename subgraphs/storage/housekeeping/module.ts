import { forgetAllowances, throughPrisma } from '../../../platform/allowances/allowance.ts'
import type { Module } from '../../../platform/module.ts'
import { quarantineTime } from '../config.ts'
import { createSkips } from '../objects/skipped-entries.ts'
import type { Resources } from '../resources.ts'
import { sweepAllObjects } from './sweep-media-objects.ts'

/** The dependencies of this module. */
export type HousekeepingDeps = Pick<Resources, 'config' | 'db' | 'objects' | 'clock' | 'log'>

const HOUR_MS = 3_600_000
// A user's rate limit has fully recovered after one minute, so older rows are not needed.
const KEEP_ALLOWANCES_MS = HOUR_MS

/** The recurring cleanup that concerns several modules. */
export function housekeepingModule(deps: HousekeepingDeps): Module {
  const { config, db, clock } = deps
  const sweep = { ...deps, quarantineMs: quarantineTime(config) }
  const forgetRateLimits = () =>
    forgetAllowances(throughPrisma(db), new Date(clock().getTime() - KEEP_ALLOWANCES_MS))
  return {
    jobs: [
      {
        name: 'sweep objects',
        everyMs: HOUR_MS,
        run: () => sweepAllObjects({ ...sweep, skips: createSkips() }),
      },
      { name: 'forget rate limits', everyMs: HOUR_MS, run: forgetRateLimits },
    ],
  }
}
