import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Viewer } from '../../../platform/identity/caller.ts'
import { isId } from '../../../platform/ids.ts'
import { invalidInput, noSuchUser, requestFailed, signInFirst } from '../failures.ts'
import { findPasswordHash, replacePasswordHash } from './account-store.ts'
import type { Attempts, Origin } from './attempts.ts'
import { hashPassword, isPassword, passwordProblem } from './password.ts'
import { listSessions } from './session-list.ts'
import { endSessions, type SessionsToEnd } from './session-revocations.ts'
import type { SessionMaker } from './sessions.ts'
import { tooManyAttempts } from './too-many-attempts.ts'

const noPasswordHere = () =>
  requestFailed('NOT_ALLOWED', 'This account has no password in Moblog. Change it at your identity provider.')

/** Dependencies of the session resolvers. */
export type SessionDeps = { db: PrismaClient; pool: pg.Pool; sessions: SessionMaker; attempts: Attempts }

/** Resolvers for a user's sessions and their end: sessions, endSession, signOut, signOutEverywhere, changePassword. */
export function sessionResolvers({ db, pool, sessions, attempts }: SessionDeps) {
  const { clock, accessSeconds, revocations } = sessions
  const time = () => ({ now: clock(), accessSeconds, revocations })
  const end = (which: SessionsToEnd) => db.$transaction((tx) => endSessions(tx, which, time()))

  return {
    User: {
      sessions: ({ id }, args, { viewerId, caller }) =>
        id === viewerId ? listSessions(pool, id, caller.sessionId, args, clock()) : null,
    },
    Mutation: {
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
          return requestFailed('NOT_FOUND', 'You have no session with this id. It may have ended.')
        const user = await people.load(viewerId)
        return user ? { __typename: 'EndSessionPayload', sessionId, user } : noSuchUser()
      },
      signOutEverywhere: async (_root, _args, { viewerId, people }) => {
        if (viewerId !== null) await end({ userId: viewerId })
        const user = viewerId === null ? null : await people.load(viewerId)
        return { __typename: 'SignOutEverywherePayload', user }
      },
      changePassword: async (_root, { input }, { caller, viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        const problem = passwordProblem(input.newPassword)
        if (problem) return invalidInput('input.newPassword', problem)
        const known = await findPasswordHash(db, viewerId)
        if (known === null) return noPasswordHere()
        const wait = await attempts.begin(viewerId, originOf(caller), clock())
        if (wait > 0) return tooManyAttempts(wait)
        if (!(await isPassword(input.currentPassword, known))) {
          return requestFailed('NOT_ALLOWED', 'The current password is wrong. Check it and try again.')
        }
        await attempts.succeed(viewerId, originOf(caller))
        const next = await hashPassword(input.newPassword)
        const isReplaced = await db.$transaction(async (tx) => {
          // Of two changes at once, the second one checked a password that is no longer the current one.
          if (!(await replacePasswordHash(tx, viewerId, known, next))) return false
          await endSessions(tx, { userId: viewerId, except: caller.sessionId }, time())
          return true
        })
        if (!isReplaced)
          return requestFailed(
            'CONFLICT',
            'The password was changed by another request at the same time. Try again with the current password.',
          )
        const user = await people.load(viewerId)
        return user ? { __typename: 'ChangePasswordPayload', user } : noSuchUser()
      },
    },
  } satisfies Resolvers
}

/** Returns the client address of a request; null if it is not known. */
export function addressOf(caller: Viewer): string | null {
  return caller.address ?? null
}

/**
 * Returns the origin of a signed-in user's request. A thief of a session may be anywhere, so no network counts as
 * known.
 */
export function originOf(caller: Viewer): Origin {
  return { address: addressOf(caller), isKnown: false }
}
