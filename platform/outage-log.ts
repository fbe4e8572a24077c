import type { Log } from './log.ts'

// An outage is over when nothing has failed for this long. The next failure is then logged again.
const QUIET_MS = 10_000

/** The log message for a database that refuses connections or statements for a while. */
export const DATABASE_SILENT = 'the database does not answer'

/**
 * Logs an outage once, no matter how many requests fail because of it.
 *
 * @returns a function to call with every failure that the outage causes
 */
export function createOutageLog(
  log: Log,
  level: 'error' | 'warn',
  message: string,
  now = () => performance.now(),
): (error: unknown) => void {
  let lastAt = Number.NEGATIVE_INFINITY
  return (error) => {
    const isNews = now() - lastAt > QUIET_MS
    lastAt = now()
    if (isNews) log[level]({ err: error }, message)
  }
}
