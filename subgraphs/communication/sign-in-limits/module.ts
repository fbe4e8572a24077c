import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { forgetOldAttempts } from './attempt-store.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { forgetOldNetworks } from './known-network-store.ts'
import { createKnownNetworks, type KnownNetworks } from './known-networks.ts'

/** The dependencies of this module. */
export type SignInLimitsDeps = Pick<Resources, 'config' | 'pool' | 'clock'>

/** What other modules use of this one. */
export type SignInLimitsModule = Module & { attempts: Attempts; networks: KnownNetworks }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

// A network without a sign-in for this long may belong to another user now.
const KNOWN_NETWORK_MS = 180 * DAY_MS

/** Limits how often passwords are guessed and accounts are created. */
export function signInLimitsModule({ config, pool, clock }: SignInLimitsDeps): SignInLimitsModule {
  const before = (ms: number) => new Date(clock().getTime() - ms)
  return {
    attempts: createAttempts(pool, config.SIGN_UPS_PER_ADDRESS),
    networks: createKnownNetworks(pool),
    jobs: [
      {
        name: 'forget password attempts',
        everyMs: HOUR_MS,
        run: () => forgetOldAttempts(pool, before(DAY_MS)),
      },
      {
        name: 'forget known networks',
        everyMs: HOUR_MS,
        run: () => forgetOldNetworks(pool, before(KNOWN_NETWORK_MS)),
      },
    ],
  }
}
