import type { Resolvers, UserIdInput } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { readPageRequest } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import type { Pool, RootDb } from '../database.ts'
import { invalidInput, isFailure, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import { readListPosition, toUserPage } from '../friends/relationship-lists.ts'
import { findMuted, MAX_MUTED, mute, unmute } from './mute-store.ts'

/** Dependencies of the resolvers of mutes. */
export type MuteDeps = { db: RootDb; pool: Pool; clock: Clock }

const LIST = 'mutedUsers'

/** Resolvers of mutes: muteUser, unmuteUser, User.mutedUsers. */
export function muteResolvers({ db, pool, clock }: MuteDeps) {
  return {
    Mutation: {
      muteUser: async (_root, { input }, context) => {
        const pair = await readPair(input, context)
        if (isFailure(pair)) return pair
        if (!(await mute(db, { ...pair, now: clock() }))) {
          return requestFailed(
            'RATE_LIMITED',
            `You have muted ${MAX_MUTED} users, which is the limit. Unmute some of them first.`,
          )
        }
        const user = await reload(pair.otherId, context)
        return user ? { __typename: 'MuteUserPayload', user } : noSuchUser()
      },
      unmuteUser: async (_root, { input }, context) => {
        const pair = await readPair(input, context)
        if (isFailure(pair)) return pair
        await unmute(db, pair.userId, pair.otherId)
        const user = await reload(pair.otherId, context)
        return user ? { __typename: 'UnmuteUserPayload', user } : noSuchUser()
      },
    },
    User: {
      mutedUsers: async ({ id }, args, { viewerId, people }) => {
        const request = readPageRequest(args, LIST)
        if (id !== viewerId) return null
        const after = readListPosition(request)
        const listed = await findMuted(pool, { userId: id, after, limit: request.first + 1 })
        for (const { user } of listed) people.prime(user.id, user)
        return toUserPage(listed, request, LIST)
      },
    },
  } satisfies Resolvers
}

/** The viewer and the other user, or the failure. A user who has blocked the viewer looks as if they did not exist. */
async function readPair({ userId: otherId }: UserIdInput, { viewerId, people }: Context) {
  if (viewerId === null) return signInFirst()
  if (!isId(otherId)) return invalidInput('input.userId', 'The user id is not a UUID. Send the id of a user.')
  if (otherId === viewerId)
    return invalidInput('input.userId', 'This is your own id. Send the id of another user.')
  return (await people.load(otherId)) ? { userId: viewerId, otherId } : noSuchUser()
}

const reload = (userId: string, { people }: Context) => people.clear(userId).load(userId)
