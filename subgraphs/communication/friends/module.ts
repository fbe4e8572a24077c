import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Resources } from '../resources.ts'
import { createFriendshipReports, friendshipDelivery } from './friendship-reports.ts'
import { deleteSomeIdle } from './idle-relationships-store.ts'
import { internalFriendResolvers } from './internal-resolvers.ts'
import { friendListResolvers } from './relationship-lists.ts'
import { requestLimits } from './request-limits.ts'
import { friendResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type FriendsDeps = Pick<Resources, 'config' | 'db' | 'pool' | 'enqueue' | 'peer' | 'clock'> & {
  revocations: TokenRevocations
}

const HOUR_MS = 3_600_000
// Longer than any token lives, and than a token may be dated back (access/token-window.ts): lifetimes are at most half a
// week. `storage` and `blog` keep revocations for as long.
const KEEP_REVOCATION_MS = 8 * 24 * HOUR_MS

/** The relationships between users. */
export function friendsModule(deps: FriendsDeps): Module {
  const { config, db, pool, enqueue, peer, clock, revocations } = deps
  const limits = requestLimits({
    perDay: config.FRIEND_REQUESTS_PER_DAY,
    perPair: config.FRIEND_REQUESTS_PER_PAIR,
  })
  const reportFriendship = createFriendshipReports(enqueue)
  const deleteIdle = async (signal: AbortSignal) => {
    const revokedBefore = new Date(clock().getTime() - KEEP_REVOCATION_MS)
    while (!signal.aborted && (await deleteSomeIdle(pool, revokedBefore))) {}
  }
  return {
    resolvers: mergeResolvers([
      friendResolvers({ db, clock, revocations, requestLimits: limits, reportFriendship }),
      { User: friendListResolvers(pool) },
    ]),
    internalResolvers: internalFriendResolvers(pool),
    outboxHandlers: friendshipDelivery(() => peer('blog')),
    jobs: [{ name: 'delete idle relationships', everyMs: HOUR_MS, run: deleteIdle }],
  }
}
