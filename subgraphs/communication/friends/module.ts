import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Resources } from '../resources.ts'
import { createFriendshipReports, friendshipDelivery } from './friendship-reports.ts'
import { internalFriendResolvers } from './internal-resolvers.ts'
import { friendListResolvers } from './relationship-lists.ts'
import { requestLimits } from './request-limits.ts'
import { friendResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type FriendsDeps = Pick<Resources, 'config' | 'db' | 'pool' | 'enqueue' | 'peer' | 'clock'> & {
  revocations: TokenRevocations
}

/** The relationships between users. */
export function friendsModule(deps: FriendsDeps): Module {
  const { config, db, pool, enqueue, peer, clock, revocations } = deps
  const limits = requestLimits({
    perDay: config.FRIEND_REQUESTS_PER_DAY,
    perPair: config.FRIEND_REQUESTS_PER_PAIR,
  })
  const reportFriendship = createFriendshipReports(enqueue)
  return {
    resolvers: mergeResolvers([
      friendResolvers({ db, clock, revocations, requestLimits: limits, reportFriendship }),
      { User: friendListResolvers(pool) },
    ]),
    internalResolvers: internalFriendResolvers(pool),
    outboxHandlers: friendshipDelivery(() => peer('blog')),
  }
}
