import { networkOf } from '../../../platform/http/network-of.ts'
import type { Pool } from '../database.ts'
import { attemptsAt, countAttempt, forgetAttempts, type Patience, uncountAttempt } from './attempt-store.ts'
import type { Origin } from './origin.ts'

// Attempts from one network at one account.
const PAIR: Patience = { free: 10, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts at one account, counted together for all networks from which its user has not signed in. This limits the
// guesses of a botnet.
const STRANGERS: Patience = { free: 50, longestSeconds: 15 * 60, forgetSeconds: 60 * 60 }
// Attempts from one address at accounts that have not been used from there. Many users may share it, and most of them
// mistype a password now and then.
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
   * Failed attempts from other networks do not count against a network from which the user has signed in before, and neither do
   * those at other accounts from this network. An attacker therefore cannot lock the user out. All unknown networks together
   * share a few attempts.
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

/** The network whose attempts at all accounts are counted; null if the attempt is not a stranger's. */
function networkToCount({ address, isKnown, isSignedIn }: Origin): string | null {
  return address === null || isKnown || isSignedIn ? null : networkOf(address)
}

/**
 * Creates the counters of attempts.
 *
 * @param freeSignUps how many accounts may be created from an address before one has to wait
 */
export function createAttempts(pool: Pool, freeSignUps: number): Attempts {
  return {
    async begin(account, origin, now) {
      const { address, isKnown } = origin
      const network = networkToCount(origin)
      const wait = network === null ? 0 : await countAttempt(pool, `from ${network}`, ADDRESS, now)
      if (wait > 0 || account === null) return wait
      const pairWait = await countAttempt(pool, pairKey(account, address), PAIR, now)
      return pairWait > 0 || isKnown ? pairWait : countAttempt(pool, attemptsAt(account), STRANGERS, now)
    },
    async succeed(account, origin) {
      const { address, isKnown } = origin
      const over = [pairKey(account, address), ...(isKnown ? [] : [attemptsAt(account)])]
      await forgetAttempts(pool, over)
      const network = networkToCount(origin)
      if (network !== null) await uncountAttempt(pool, `from ${network}`)
    },
    async signUp(address, now) {
      if (address === null) return 0
      return countAttempt(pool, `new from ${networkOf(address)}`, { free: freeSignUps, ...NEW_ACCOUNTS }, now)
    },
  }
}
