import type { Clock } from '../../../platform/clock.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { RootDb } from '../database.ts'
import { publishRelationshipChange, retractFriendship } from '../notifications/friendship.ts'
import {
  markFriendRequestRead,
  retractFriendRequest,
} from '../notifications/kinds/friend-request-received.ts'
import type { ReportFriendship } from './friendship-reports.ts'
import { changeRelationship } from './relationship-store.ts'
import type { RequestLimits, TooManyRequests } from './request-limits.ts'
import type { Step, Transition } from './transitions.ts'

/** Dependencies of `takeStep`. */
export type TakingSteps = {
  db: RootDb
  clock: Clock
  revocations: TokenRevocations
  requestLimits: RequestLimits
  reportFriendship: ReportFriendship
}

/** Takes a user's step toward another user, with its notifications and token revocations. */
export function takeStep(
  { db, clock, revocations, requestLimits: limits, reportFriendship }: TakingSteps,
  step: Step,
  { userId, otherId }: { userId: string; otherId: string },
): Promise<Transition | TooManyRequests> {
  return changeRelationship(db, {
    userId,
    otherId,
    step,
    now: clock(),
    limits,
    onMoved: async (tx, relationship) => {
      if (step === 'cancel') return retractFriendRequest(tx, userId, otherId)
      if (step === 'decline') return retractFriendRequest(tx, otherId, userId)
      if (relationship === 'FRIEND') await markFriendRequestRead(tx, otherId, userId, clock())
      // A block may end a friendship too.
      const mayEndFriendship = step === 'unfriend' || step === 'block'
      if (mayEndFriendship) await retractFriendship(tx, userId, otherId)
      else await publishRelationshipChange(tx, { actorId: userId, otherId, relationship, at: clock() })
      if (mayEndFriendship || relationship === 'FRIEND') await reportFriendship(tx, userId, otherId)
    },
    onRevoked: (tx, until) => revocations.ofPair(tx, userId, otherId, until),
  })
}
