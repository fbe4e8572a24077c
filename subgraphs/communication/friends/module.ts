import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Resources } from '../resources.ts'
import { internalFriendResolvers } from './internal-resolvers.ts'
import { friendListResolvers } from './relationship-lists.ts'
import { requestLimits } from './request-limits.ts'
import { friendResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type FriendsDeps = Pick<Resources, 'config' | 'db' | 'pool' | 'clock'> & {
  revocations: TokenRevocations
}

/** The relationships between users. */
export function friendsModule({ config, db, pool, clock, revocations }: FriendsDeps): Module {
  const limits = requestLimits({
    perDay: config.FRIEND_REQUESTS_PER_DAY,
    perPair: config.FRIEND_REQUESTS_PER_PAIR,
  })
  return {
    resolvers: mergeResolvers([
      friendResolvers({ db, clock, revocations, requestLimits: limits }),
      { User: friendListResolvers(pool) },
    ]),
    internalResolvers: internalFriendResolvers(pool),
  }
}
