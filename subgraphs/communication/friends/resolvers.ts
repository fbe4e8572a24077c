import type { Resolvers, UserIdInput } from '../../../generated/graphql/communication.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { invalidInput, isFailure, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import type { VisibleUser } from '../people/visible-user.ts'
import { type TakingSteps, takeStep } from './take-step.ts'
import type { Step } from './transitions.ts'

/** Resolvers for all relationship changes between users. */
export function friendResolvers(deps: TakingSteps) {
  const take = async (step: Step, input: UserIdInput, { viewerId, people }: Context) => {
    if (viewerId === null) return signInFirst()
    if (!isId(input.userId))
      return invalidInput('input.userId', 'The user id is not a UUID. Send the id of a user.')
    const otherId = input.userId
    if (otherId === viewerId)
      return invalidInput('input.userId', 'This is your own id. Send the id of another user.')
    const transition = await takeStep(deps, step, { userId: viewerId, otherId })
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

function answer<Name extends string>(payload: Name, outcome: VisibleUser | TakeFailure) {
  return isFailure(outcome) ? outcome : { __typename: payload, user: outcome }
}
