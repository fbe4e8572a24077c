import type pg from 'pg'
import type { Db } from '../database.ts'

/** How many attempts are free before one has to wait; each wait is twice as long as the one before. */
export type Patience = { free: number; longestSeconds: number; forgetSeconds: number }

/**
 * Returns the key that counts attempts at an account. The key of a single network appends ` from ` and the network to
 * it.
 */
export const attemptsAt = (account: string) => `to ${account}`

/**
 * Counts an attempt, and returns how many seconds to wait before the next one; 0 if this one may be made.
 *
 * A free attempt sets `blocked_until` to 1970 and not to the current time: another process, whose clock is behind, may
 * count the next attempt.
 */
export async function countAttempt(
  pool: pg.Pool,
  key: string,
  patience: Patience,
  now: Date,
): Promise<number> {
  const { free, longestSeconds, forgetSeconds } = patience
  const { rowCount } = await pool.query({
    name: 'count-attempt',
    text: `INSERT INTO password_attempts AS a (key, count, last_at, blocked_until)
      VALUES ($1, 1, $2, to_timestamp(0))
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN a.last_at < $2 - make_interval(secs => $5) THEN 1 ELSE a.count + 1 END,
        last_at = $2,
        blocked_until = CASE
          WHEN a.last_at < $2 - make_interval(secs => $5) OR a.count < $3 THEN to_timestamp(0)
          ELSE $2 + make_interval(secs => least($4, power(2, least(a.count - $3, 30)))) END
      WHERE a.blocked_until <= $2 OR a.last_at < $2 - make_interval(secs => $5)`,
    values: [key, now, free, longestSeconds, forgetSeconds],
  })
  if (rowCount === 1) return 0
  const { rows } = await pool.query<{ blocked_until: Date }>(
    'SELECT blocked_until FROM password_attempts WHERE key = $1',
    [key],
  )
  const waitMs = (rows[0]?.blocked_until.getTime() ?? 0) - now.getTime()
  return Math.max(1, Math.ceil(waitMs / 1000))
}

/** Takes back one counted attempt. */
export async function uncountAttempt(pool: pg.Pool, key: string): Promise<void> {
  await pool.query('UPDATE password_attempts SET count = greatest(0, count - 1) WHERE key = $1', [key])
}

/** Deletes the counts of keys. */
export async function forgetAttempts(pool: pg.Pool, keys: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM password_attempts WHERE key = ANY($1)', [keys])
}

/** Deletes the counts of attempts at accounts, from single networks too. */
export async function forgetAttemptsAt(tx: Db, accounts: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM password_attempts USING unnest(${accounts.map(attemptsAt)}::text[]) AS own (key)
    WHERE password_attempts.key = own.key OR starts_with(password_attempts.key, own.key || ' from ')`
}

/** Deletes the counts without an attempt since an instant. */
export async function forgetOldAttempts(pool: pg.Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM password_attempts WHERE last_at < $1', [before])
}
