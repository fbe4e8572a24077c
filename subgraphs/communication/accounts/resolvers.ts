import type pg from 'pg'
import type { Resolvers, Session } from '../../../generated/graphql/communication.ts'
import { newId } from '../../../platform/ids.ts'
import { invalidInput, isFailure, requestFailed } from '../failures.ts'
import { enterName } from '../search/fold-unfolded.ts'
import { findCredentials, insertAccount } from './account-store.ts'
import type { Attempts } from './attempts.ts'
import { typedHandleKey } from './handle.ts'
import { createKnownNetworks } from './known-networks.ts'
import { hashPassword, isPassword } from './password.ts'
import { findPeople, findPersonByHandle, type Person } from './people.ts'
import { addressOf, sessionResolvers } from './session-resolvers.ts'
import { beginSession, continueSession, type SessionMaker, type SessionTokens } from './sessions.ts'
import { readDeviceName, readSignUp } from './sign-up-input.ts'
import { tooManyAttempts, tooManySignUps } from './too-many-attempts.ts'

/** Dependencies of the account resolvers. */
export type AccountDeps = {
  pool: pg.Pool
  sessions: SessionMaker
  attempts: Attempts
  /** Whether accounts belong to an identity provider. */
  signsInElsewhere: boolean
}

const signInElsewhere = () =>
  requestFailed('NOT_ALLOWED', 'Accounts belong to an identity provider. Sign in there, and send its token.')

const wrongCredentials = () =>
  requestFailed('NOT_ALLOWED', 'The handle or the password is wrong. Check both and try again.')

/**
 * Resolvers of accounts and sessions: signUp, signIn, refreshSession, signOut; viewer, user, userByHandle; the `User`
 * entity.
 */
export function accountResolvers({ pool, sessions, attempts, signsInElsewhere }: AccountDeps) {
  const { db, clock } = sessions
  const networks = createKnownNetworks(pool)
  const ofSessions = sessionResolvers({ db, pool, sessions, attempts })

  const toSession = async ({
    userId,
    ...tokens
  }: SessionTokens): Promise<Omit<Session, 'user'> & { user: Person }> => {
    // Loaded with the user as the viewer, because the request that signs in has no viewer yet.
    const [user] = await findPeople(pool, userId, [userId])
    if (!user) throw new Error('the account of a new session was deleted')
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
      ...ofSessions.User,
    },
    Mutation: {
      signUp: async (_root, { input }, { caller }) => {
        if (signsInElsewhere) return signInElsewhere()
        const request = readSignUp(input)
        if (isFailure(request)) return request
        const wait = await attempts.signUp(addressOf(caller), clock())
        if (wait > 0) return tooManySignUps(wait)
        const { deviceName, password, ...names } = request
        const account = { id: newId(), ...names, passwordHash: await hashPassword(password) }
        const isNew = await db.$transaction(async (tx) => {
          if (!(await insertAccount(tx, { ...account, createdAt: clock() }))) return false
          await enterName(tx, account)
          return true
        })
        if (!isNew) return requestFailed('CONFLICT', 'This handle is taken. Choose another one.')
        await networks.remember(account.id, addressOf(caller), clock())
        const session = await toSession(await beginSession(sessions, account.id, deviceName))
        return { __typename: 'SignUpPayload', session }
      },
      signIn: async (_root, { input }, { caller }) => {
        if (signsInElsewhere) return signInElsewhere()
        const deviceName = readDeviceName(input.deviceName)
        if (typeof deviceName === 'object' && deviceName) return deviceName
        const key = typedHandleKey(input.handle)
        const account = key === null ? null : await findCredentials(db, key)
        const address = addressOf(caller)
        const origin = { address, isKnown: await networks.has(account?.id ?? null, address) }
        const wait = await attempts.begin(key, origin, clock())
        if (wait > 0) return tooManyAttempts(wait)
        const isRight = await isPassword(input.password, account?.passwordHash ?? null)
        if (key === null || !account || !isRight) return wrongCredentials()
        await attempts.succeed(key, origin)
        await networks.remember(account.id, address, clock())
        const session = await toSession(await beginSession(sessions, account.id, deviceName))
        return { __typename: 'SignInPayload', session }
      },
      refreshSession: async (_root, { input }, { caller }) => {
        if (input.refreshToken === '')
          return invalidInput(
            'input.refreshToken',
            'The refresh token is empty. Send the one of the session.',
          )
        const tokens = await continueSession(sessions, input.refreshToken)
        // The message gives no reason, because the sender may have stolen the token.
        if (!tokens) return requestFailed('NOT_ALLOWED', 'This refresh token is not valid. Sign in again.')
        await networks.remember(tokens.userId, addressOf(caller), clock())
        return { __typename: 'RefreshSessionPayload', session: await toSession(tokens) }
      },
      ...ofSessions.Mutation,
    },
  } satisfies Resolvers
}
