import type pg from 'pg'
import { networkOf } from '../../../platform/http/network-of.ts'

/** How many attempts there may be before one has to wait, each time twice as long. */
type Patience = { free: number; longestSeconds: number; forgetSeconds: number }

// From one network at one account.
const PAIR: Patience = { free: 10, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// At one account from all networks together that its user has not signed in from: what a botnet may guess.
const STRANGERS: Patience = { free: 50, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Many people may share an address, and most of them mistype a password now and then.
const ADDRESS: Patience = { free: 100, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// What comes is mostly somebody new, so that nobody behind a shared address waits for long.
const NEW_ACCOUNTS = { longestSeconds: 5 * 60, forgetSeconds: 60 * 60 }

/** Where an attempt comes from, and whether the account's user has signed in from there before. */
export type Origin = { address: string | null; isKnown: boolean }

/** Attempts to guess passwords and to make accounts, counted in the database so that all replicas share it. */
export type Attempts = {
  /**
   * Begins an attempt, which counts as failed until it is said to have succeeded: many at once are counted all.
   *
   * Guesses from elsewhere never count against a network that the account's user has signed in from, so that nobody
   * locks them out. Of all others together there may be few, however many networks they come from.
   *
   * @param account what the password belongs to; null where that is nothing
   * @returns how many seconds to wait before the next attempt; 0 where this one may be made
   */
  begin(account: string | null, origin: Origin, now: Date): Promise<number>
  /** The attempt was right. */
  succeed(account: string, origin: Origin): Promise<void>
  /** Counts an account that is to be made, and answers as `begin` does. */
  signUp(address: string | null, now: Date): Promise<number>
}

/** By what the attempts at an account are counted; from one network, with a space and the network behind. */
export const attemptsAt = (account: string) => `to ${account}`

const pairKey = (account: string, address: string | null) =>
  `${attemptsAt(account)} from ${address === null ? 'nowhere' : networkOf(address)}`

/**
 * Makes the count of attempts.
 *
 * @param freeSignUps how many accounts may be made from an address before one has to wait
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

// What is free blocks nobody for an instant: another process, whose clock is behind, may count next.
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
