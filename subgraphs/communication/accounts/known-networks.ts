import { createHash } from 'node:crypto'
import type pg from 'pg'
import { networkOf } from '../../../platform/http/network-of.ts'

/** The networks from which users have signed in before; see `createKnownNetworks`. */
export type KnownNetworks = {
  /** Whether a user has signed in from the network of an address. Always false if `userId` is null. */
  has(userId: string | null, address: string | null): Promise<boolean>
  /** Records the network of an address from which a user has signed in. */
  remember(userId: string, address: string | null, now: Date): Promise<void>
}

// Enough for home, work, school, a phone's carrier and some more.
const MOST_PER_USER = 20
const REFRESHED_AFTER = '1 day'
// Looked up if there is no account, so the check takes as long as for an existing account.
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Creates the store of each user's known networks, which are kept as hashes. Wrong passwords that others try from
 * elsewhere do not lock the user out of these networks.
 */
export function createKnownNetworks(pool: pg.Pool): KnownNetworks {
  return {
    async has(userId, address) {
      if (address === null) return false
      const { rowCount } = await pool.query({
        name: 'known-network',
        text: 'SELECT FROM known_networks WHERE user_id = $1 AND network = $2',
        values: [userId ?? NOBODY, hashOf(userId ?? NOBODY, address)],
      })
      return rowCount === 1
    },
    async remember(userId, address, now) {
      if (address === null) return
      const { rowCount } = await pool.query({
        name: 'remember-network',
        text: `INSERT INTO known_networks AS known (user_id, network, last_at)
          SELECT id, $2, $3 FROM users WHERE id = $1
          ON CONFLICT (user_id, network) DO UPDATE SET last_at = excluded.last_at
          WHERE known.last_at < excluded.last_at - interval '${REFRESHED_AFTER}'`,
        values: [userId, hashOf(userId, address), now],
      })
      if (rowCount === 0) return
      await pool.query(
        `DELETE FROM known_networks WHERE (user_id, network) IN (
          SELECT user_id, network FROM known_networks WHERE user_id = $1 ORDER BY last_at DESC OFFSET ${MOST_PER_USER})`,
        [userId],
      )
    },
  }
}

function hashOf(userId: string, address: string): Buffer {
  return createHash('sha256')
    .update(`${userId} ${networkOf(address)}`)
    .digest()
}
