import type pg from 'pg'
import type { PrismaClient } from '../../generated/prisma/communication/client.ts'
import { forgetAllowances } from '../../platform/allowances/allowance.ts'
import type { Clock } from '../../platform/clock.ts'
import { statementsOn } from '../../platform/database/pool.ts'
import type { RecurringJob } from '../../platform/jobs/jobs.ts'
import type { Log } from '../../platform/log.ts'
import { forgetAbsent } from './presence/presence-store.ts'
import { foldUnfolded } from './search/fold-unfolded.ts'

const EVERY_MS = 60 * 60 * 1000
const DAY_MS = 24 * EVERY_MS
// Longer than the longest period of a rate limit. After that, the whole limit is available again.
const LONGEST_ALLOWANCE_MS = 8 * DAY_MS

// A network without a sign-in for this long may belong to another user now.
const KNOWN_NETWORK_MS = 180 * DAY_MS

/** Dependencies of housekeeping. */
export type Housekeeping = { db: PrismaClient; pool: pg.Pool; clock: Clock; log: Log }

/** Deletes sessions, session revocations, leases, rate limits and attempts that no longer matter. */
export async function forgetWhatIsOver({ pool, clock }: Pick<Housekeeping, 'pool' | 'clock'>): Promise<void> {
  const now = clock()
  const before = (ms: number) => new Date(now.getTime() - ms)
  await forgetAbsent(pool)
  await pool.query('DELETE FROM sessions WHERE expires_at < $1', [before(DAY_MS)])
  await pool.query('DELETE FROM session_revocations WHERE until < $1', [now])
  await forgetAllowances(statementsOn(pool), before(LONGEST_ALLOWANCE_MS))
  await pool.query('DELETE FROM known_networks WHERE last_at < $1', [before(KNOWN_NETWORK_MS)])
  await pool.query('DELETE FROM password_attempts WHERE last_at < $1', [before(DAY_MS)])
}

/** The jobs that delete expired rows and backfill missing search entries. Several processes may run them. */
export function housekeepingJobs(housekeeping: Housekeeping): RecurringJob[] {
  const { db, log } = housekeeping
  return [
    { name: 'housekeeping', everyMs: EVERY_MS, run: () => forgetWhatIsOver(housekeeping) },
    { name: 'backfill search entries', everyMs: EVERY_MS, run: () => foldUnfolded(db, log) },
  ]
}
