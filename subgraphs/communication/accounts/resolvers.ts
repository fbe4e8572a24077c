import type pg from 'pg'
import type { Resolvers, Session } from '../../../generated/graphql/communication.ts'
import { newId } from '../../../platform/ids.ts'
import { invalidInput, isFailure, requestFailed } from '../failures.ts'
import { enterName } from '../search/fold-unfolded.ts'
import { findCredentials, insertAccount } from './account-store.ts'
import { handleKey } from './handle.ts'
import { hashPassword, isPassword } from './password.ts'
import { findPeople, findPersonByHandle, type Person } from './people.ts'
import { deleteSession } from './session-store.ts'
import { beginSession, continueSession, type SessionMaker, type SessionTokens } from './sessions.ts'
import { readDeviceName, readSignUp } from './sign-up-input.ts'

/** What the resolvers of accounts work with. */
export type AccountDeps = { pool: pg.Pool; sessions: SessionMaker }

const wrongCredentials = () => requestFailed('NOT_ALLOWED', 'The handle or the password is wrong.')

/** Accounts and sessions: signUp, signIn, refreshSession, signOut; viewer, user, userByHandle; the `User` entity. */
export function accountResolvers({ pool, sessions }: AccountDeps) {
  const { db, clock } = sessions

  const toSession = async ({
    userId,
    ...tokens
  }: SessionTokens): Promise<Omit<Session, 'user'> & { user: Person }> => {
    // As the user sees themselves: the request that signs in is still a signed-out one.
    const [user] = await findPeople(pool, userId, [userId])
    if (!user) throw new Error('the account of a new session is gone')
    return { ...tokens, user }
  }

  return {
    Query: {
      viewer: (_root, _args, { viewerId, people }) => (viewerId === null ? null : people.load(viewerId)),
      user: (_root, { id }, { people }) => people.load(id),
      userByHandle: async (_root, { handle }, { viewerId, people }) => {
        const person = await findPersonByHandle(pool, viewerId, handle)
        if (person) people.prime(person.id, person)
        return person
      },
    },
    User: {
      __resolveReference: ({ id }, { people }) => people.load(id),
    },
    Mutation: {
      signUp: async (_root, { input }) => {
        const request = readSignUp(input)
        if (isFailure(request)) return request
        const { deviceName, password, ...names } = request
        const account = { id: newId(), ...names, passwordHash: await hashPassword(password) }
        const isNew = await insertAccount(db, { ...account, createdAt: clock() })
        if (!isNew) return requestFailed('CONFLICT', 'This handle is taken; choose another.')
        await enterName(db, account)
        const session = await toSession(await beginSession(sessions, account.id, deviceName))
        return { __typename: 'SignUpPayload', session }
      },
      signIn: async (_root, { input }) => {
        const deviceName = readDeviceName(input.deviceName)
        if (typeof deviceName === 'object' && deviceName) return deviceName
        const key = handleKey(input.handle)
        const account = key === null ? null : await findCredentials(db, key)
        const isRight = await isPassword(input.password, account?.passwordHash ?? null)
        if (!account || !isRight) return wrongCredentials()
        const session = await toSession(await beginSession(sessions, account.id, deviceName))
        return { __typename: 'SignInPayload', session }
      },
      refreshSession: async (_root, { input }) => {
        if (input.refreshToken === '')
          return invalidInput('input.refreshToken', 'The refresh token is missing.')
        const tokens = await continueSession(sessions, input.refreshToken)
        // Why it did not work is nobody's business who may have stolen it.
        if (!tokens) return requestFailed('NOT_ALLOWED', 'This refresh token does not work; sign in again.')
        return { __typename: 'RefreshSessionPayload', session: await toSession(tokens) }
      },
      signOut: async (_root, _args, { caller, viewerId, people }) => {
        if (caller.kind !== 'viewer' || viewerId === null) return { __typename: 'SignOutPayload', user: null }
        if (caller.sessionId !== null) await deleteSession(db, viewerId, caller.sessionId)
        return { __typename: 'SignOutPayload', user: await people.load(viewerId) }
      },
    },
  } satisfies Resolvers
}
