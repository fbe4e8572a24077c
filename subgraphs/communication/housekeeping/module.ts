import { forgetAllowances } from '../../../platform/allowances/allowance.ts'
import { statementsOn } from '../../../platform/database/pool.ts'
import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'

/** The dependencies of this module. */
export type HousekeepingDeps = Pick<Resources, 'pool' | 'clock'>

const HOUR_MS = 3_600_000
// Longer than the longest period of a rate limit. After that, the whole limit is available again.
const LONGEST_ALLOWANCE_MS = 8 * 24 * HOUR_MS

/** The recurring cleanup that concerns several modules. */
export function housekeepingModule({ pool, clock }: HousekeepingDeps): Module {
  const forgetRateLimits = () =>
    forgetAllowances(statementsOn(pool), new Date(clock().getTime() - LONGEST_ALLOWANCE_MS))
  return { jobs: [{ name: 'forget rate limits', everyMs: HOUR_MS, run: forgetRateLimits }] }
}
