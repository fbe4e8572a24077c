import { createHash } from 'node:crypto'
import { networkOf } from '../../../platform/http/network-of.ts'
import type { Pool } from '../database.ts'
import { isKnownNetwork, saveKnownNetwork } from './known-network-store.ts'

/** The networks from which users have signed in before; see `createKnownNetworks`. */
export type KnownNetworks = {
  /** Whether a user has signed in from the network of an address. Always false if `userId` is null. */
  has(userId: string | null, address: string | null): Promise<boolean>
  /** Records the network of an address from which a user has signed in. */
  remember(userId: string, address: string | null, now: Date): Promise<void>
}

// Looked up if there is no account, so the check takes as long as for an existing account.
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Creates the record of each user's known networks, which are kept as hashes. Wrong passwords that others try from
 * elsewhere do not lock the user out of these networks.
 */
export function createKnownNetworks(pool: Pool): KnownNetworks {
  return {
    async has(userId, address) {
      if (address === null) return false
      const user = userId ?? NOBODY
      return isKnownNetwork(pool, user, hashOf(user, address))
    },
    async remember(userId, address, now) {
      if (address === null) return
      await saveKnownNetwork(pool, userId, hashOf(userId, address), now)
    },
  }
}

function hashOf(userId: string, address: string): Buffer {
  return createHash('sha256')
    .update(`${userId} ${networkOf(address)}`)
    .digest()
}
