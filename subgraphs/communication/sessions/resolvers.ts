import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Pool } from '../database.ts'
import { invalidInput, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import type { KnownNetworks } from '../sign-in-limits/known-networks.ts'
import { addressOf } from '../sign-in-limits/origin.ts'
import { listSessions } from './session-list.ts'
import type { SessionsToEnd } from './session-revocation-store.ts'
import type { TokenPair } from './sessions.ts'
import { withUser } from './started-session.ts'

/** Dependencies of the session resolvers. */
export type SessionResolversDeps = {
  pool: Pool
  clock: Clock
  networks: KnownNetworks
  /** Continues the session that a refresh token belongs to; null if there is none. */
  refresh(refreshToken: string): Promise<TokenPair | null>
  /** Revokes sessions, and returns how many. */
  end(which: SessionsToEnd): Promise<number>
}

/** Resolvers for a user's sessions and their end: sessions, refreshSession, endSession, signOut, signOutEverywhere. */
export function sessionResolvers({ pool, clock, networks, refresh, end }: SessionResolversDeps) {
  return {
    User: {
      sessions: ({ id }, args, { viewerId, caller }) =>
        id === viewerId ? listSessions(pool, id, caller.sessionId, args, clock()) : null,
    },
    Mutation: {
      refreshSession: async (_root, { input }, { caller }) => {
        if (input.refreshToken === '')
          return invalidInput(
            'input.refreshToken',
            'The refresh token is empty. Send the one of the session.',
          )
        const tokens = await refresh(input.refreshToken)
        const session = tokens && (await withUser(pool, tokens))
        // The message gives no reason, because the sender may have stolen the token.
        if (!session) return requestFailed('NOT_ALLOWED', 'This refresh token is not valid. Sign in again.')
        await networks.remember(session.user.id, addressOf(caller), clock())
        return { __typename: 'RefreshSessionPayload', session }
      },
      signOut: async (_root, _args, { caller, viewerId, people }) => {
        const only = caller.sessionId
        if (viewerId !== null && only !== null) await end({ userId: viewerId, only })
        return { __typename: 'SignOutPayload', user: viewerId === null ? null : await people.load(viewerId) }
      },
      endSession: async (_root, { input: { sessionId } }, { viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(sessionId))
          return invalidInput(
            'input.sessionId',
            'The session id is not a UUID. Send the id of one of your sessions.',
          )
        const ended = await end({ userId: viewerId, only: sessionId })
        if (ended === 0)
          return requestFailed(
            'NOT_FOUND',
            'You have no session with this id. It may have ended. See User.sessions for the current ones.',
          )
        const user = await people.load(viewerId)
        return user ? { __typename: 'EndSessionPayload', sessionId, user } : noSuchUser()
      },
      signOutEverywhere: async (_root, _args, { viewerId, people }) => {
        if (viewerId !== null) await end({ userId: viewerId })
        const user = viewerId === null ? null : await people.load(viewerId)
        return { __typename: 'SignOutEverywherePayload', user }
      },
    },
  } satisfies Resolvers
}
