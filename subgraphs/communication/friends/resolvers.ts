import type pg from 'pg'
import type { Resolvers, UserIdInput } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Person } from '../accounts/people.ts'
import type { Context } from '../context.ts'
import { invalidInput, isFailure, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import {
  publishRelationshipChange,
  retractFriendRequest,
  retractFriendship,
} from '../notifications/sources.ts'
import { friendListResolvers } from './relationship-lists.ts'
import { changeRelationship } from './relationship-store.ts'
import type { RequestLimits } from './request-limits.ts'
import type { Step } from './transitions.ts'

/** Dependencies of the friend resolvers. */
export type FriendDeps = {
  db: PrismaClient
  pool: pg.Pool
  clock: Clock
  revocations: TokenRevocations
  requestLimits: RequestLimits
}

/** Resolvers for all relationship changes between users, and for the lists of related users. */
export function friendResolvers({ db, pool, clock, revocations, requestLimits: limits }: FriendDeps) {
  const take = async (step: Step, input: UserIdInput, { viewerId, people }: Context) => {
    if (viewerId === null) return signInFirst()
    if (!isId(input.userId))
      return invalidInput('input.userId', 'The user id is not a UUID. Send the id of a user.')
    const otherId = input.userId
    if (otherId === viewerId)
      return invalidInput('input.userId', 'This is your own id. Send the id of another user.')
    const transition = await changeRelationship(db, {
      userId: viewerId,
      otherId,
      step,
      now: clock(),
      limits,
      onMoved: (tx, relationship) => {
        if (step === 'cancel') return retractFriendRequest(tx, viewerId, otherId)
        if (step === 'decline') return retractFriendRequest(tx, otherId, viewerId)
        if (step === 'unfriend' || step === 'block') return retractFriendship(tx, viewerId, otherId)
        return publishRelationshipChange(tx, { actorId: viewerId, otherId, relationship, at: clock() })
      },
      onRevoked: (tx, until) => revocations.ofPair(tx, viewerId, otherId, until),
    })
    if (transition === 'no such user') return noSuchUser()
    if (transition === 'blocked')
      return requestFailed('CONFLICT', 'You have blocked this user. Unblock the user first.')
    if (transition === 'not asked') {
      return requestFailed('CONFLICT', 'This user has not sent you a friend request. Send one yourself.')
    }
    if (transition === 'friends already') {
      return requestFailed('CONFLICT', 'You are already friends. Use "unfriend" to end the friendship.')
    }
    if (typeof transition === 'object' && 'retryAfterSeconds' in transition) {
      return requestFailed('RATE_LIMITED', transition.message, transition.retryAfterSeconds)
    }
    return (await people.clear(otherId).load(otherId)) ?? noSuchUser()
  }

  return {
    User: friendListResolvers(pool),
    Mutation: {
      requestFriend: async (_root, { input }, context) =>
        answer('RequestFriendPayload', await take('request', input, context)),
      acceptFriendRequest: async (_root, { input }, context) =>
        answer('AcceptFriendRequestPayload', await take('accept', input, context)),
      declineFriendRequest: async (_root, { input }, context) =>
        answer('DeclineFriendRequestPayload', await take('decline', input, context)),
      cancelFriendRequest: async (_root, { input }, context) =>
        answer('CancelFriendRequestPayload', await take('cancel', input, context)),
      unfriend: async (_root, { input }, context) =>
        answer('UnfriendPayload', await take('unfriend', input, context)),
      blockUser: async (_root, { input }, context) =>
        answer('BlockUserPayload', await take('block', input, context)),
      unblockUser: async (_root, { input }, context) =>
        answer('UnblockUserPayload', await take('unblock', input, context)),
    },
  } satisfies Resolvers
}

type TakeFailure =
  | ReturnType<typeof invalidInput | typeof signInFirst | typeof noSuchUser>
  | ReturnType<typeof requestFailed<'CONFLICT' | 'RATE_LIMITED'>>

function answer<Name extends string>(payload: Name, outcome: Person | TakeFailure) {
  return isFailure(outcome) ? outcome : { __typename: payload, user: outcome }
}
