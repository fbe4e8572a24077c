import type pg from 'pg'
import { networkOf } from '../../../platform/http/network-of.ts'

/** How many attempts are free before one has to wait; each wait is twice as long as the one before. */
type Patience = { free: number; longestSeconds: number; forgetSeconds: number }

// Attempts from one network at one account.
const PAIR: Patience = { free: 10, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts at one account, counted together for all networks from which its user has not signed in. This limits the
// guesses of a botnet.
const STRANGERS: Patience = { free: 50, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts from one address. Many users may share it, and most of them mistype a password now and then.
const ADDRESS: Patience = { free: 100, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Sign-ups from a shared address mostly come from different users, so the longest wait is short.
const NEW_ACCOUNTS = { longestSeconds: 5 * 60, forgetSeconds: 60 * 60 }

/** Where an attempt comes from, and whether the account's user has signed in from there before. */
export type Origin = { address: string | null; isKnown: boolean }

/**
 * Limits attempts to guess passwords and to create accounts. The counts are in the database, so all replicas share
 * them.
 */
export type Attempts = {
  /**
   * Starts an attempt. It counts as failed until `succeed` is called, so parallel attempts are all counted.
   *
   * Guesses from elsewhere never count against a network from which the account's user has signed in before. An
   * attacker therefore cannot lock the user out. All other networks together have only few attempts, regardless of
   * their number.
   *
   * @param account the handle key or user id that the password belongs to; null if there is none
   * @returns how many seconds to wait before the next attempt; 0 if this attempt may be made
   */
  begin(account: string | null, origin: Origin, now: Date): Promise<number>
  /** Records that the attempt's password was right. */
  succeed(account: string, origin: Origin): Promise<void>
  /** Counts a sign-up, and returns the wait in seconds like `begin`. */
  signUp(address: string | null, now: Date): Promise<number>
}

/**
 * Returns the key that counts attempts at an account. The key of a single network appends ` from ` and the network to
 * it.
 */
export const attemptsAt = (account: string) => `to ${account}`

const pairKey = (account: string, address: string | null) =>
  `${attemptsAt(account)} from ${address === null ? 'nowhere' : networkOf(address)}`

/**
 * Creates the counters of attempts.
 *
 * @param freeSignUps how many accounts may be created from an address before one has to wait
 */
export function createAttempts(pool: pg.Pool, freeSignUps: number): Attempts {
  return {
    async begin(account, { address, isKnown }, now) {
      const wait = address === null ? 0 : await count(pool, `from ${networkOf(address)}`, ADDRESS, now)
      if (wait > 0 || account === null) return wait
      const pairWait = await count(pool, pairKey(account, address), PAIR, now)
      return pairWait > 0 || isKnown ? pairWait : count(pool, attemptsAt(account), STRANGERS, now)
    },
    async succeed(account, { address, isKnown }) {
      const over = [pairKey(account, address), ...(isKnown ? [] : [attemptsAt(account)])]
      await pool.query('DELETE FROM password_attempts WHERE key = ANY($1)', [over])
      if (address === null) return
      await pool.query('UPDATE password_attempts SET count = greatest(0, count - 1) WHERE key = $1', [
        `from ${networkOf(address)}`,
      ])
    },
    async signUp(address, now) {
      if (address === null) return 0
      return count(pool, `new from ${networkOf(address)}`, { free: freeSignUps, ...NEW_ACCOUNTS }, now)
    },
  }
}

// A free attempt sets `blocked_until` to 1970 and not to the current time: another process, whose clock is behind, may
// count the next attempt.
async function count(pool: pg.Pool, key: string, patience: Patience, now: Date): Promise<number> {
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
