import { networkOf } from '../../../platform/http/network-of.ts'
import type { Pool } from '../database.ts'
import { attemptsAt, countAttempt, forgetAttempts, type Patience, uncountAttempt } from './attempt-store.ts'
import type { Origin } from './origin.ts'

// Attempts from one network at one account.
const PAIR: Patience = { free: 10, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts at one account, counted together for all networks from which its user has not signed in. This limits the
// guesses of a botnet.
const STRANGERS: Patience = { free: 50, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts from one address. Many users may share it, and most of them mistype a password now and then.
const ADDRESS: Patience = { free: 100, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Sign-ups from a shared address mostly come from different users, so the longest wait is short.
const NEW_ACCOUNTS = { longestSeconds: 5 * 60, forgetSeconds: 60 * 60 }

/**
 * Limits attempts to guess passwords and to create accounts. The counts are in the database, so all replicas share
 * them.
 */
export type Attempts = {
  /**
   * Starts an attempt. It counts as failed until `succeed` is called, so parallel attempts are all counted.
   *
   * Failed attempts from other networks do not count against a network from which the user has signed in before. An
   * attacker therefore cannot lock the user out. All unknown networks together share a few attempts.
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

const pairKey = (account: string, address: string | null) =>
  `${attemptsAt(account)} from ${address === null ? 'nowhere' : networkOf(address)}`

/**
 * Creates the counters of attempts.
 *
 * @param freeSignUps how many accounts may be created from an address before one has to wait
 */
export function createAttempts(pool: Pool, freeSignUps: number): Attempts {
  return {
    async begin(account, { address, isKnown }, now) {
      const wait = address === null ? 0 : await countAttempt(pool, `from ${networkOf(address)}`, ADDRESS, now)
      if (wait > 0 || account === null) return wait
      const pairWait = await countAttempt(pool, pairKey(account, address), PAIR, now)
      return pairWait > 0 || isKnown ? pairWait : countAttempt(pool, attemptsAt(account), STRANGERS, now)
    },
    async succeed(account, { address, isKnown }) {
      const over = [pairKey(account, address), ...(isKnown ? [] : [attemptsAt(account)])]
      await forgetAttempts(pool, over)
      if (address !== null) await uncountAttempt(pool, `from ${networkOf(address)}`)
    },
    async signUp(address, now) {
      if (address === null) return 0
      return countAttempt(pool, `new from ${networkOf(address)}`, { free: freeSignUps, ...NEW_ACCOUNTS }, now)
    },
  }
}
