import type { SignUpInput } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { isFailure, requestFailed } from '../failures.ts'
import { enterName } from '../search/fold-unfolded.ts'
import type { SessionsModule } from '../sessions/module.ts'
import type { Attempts } from '../sign-in-limits/attempts.ts'
import type { KnownNetworks } from '../sign-in-limits/known-networks.ts'
import { tooManySignUps } from '../sign-in-limits/too-many-attempts.ts'
import { insertAccount } from './account-store.ts'
import { hashPassword } from './password.ts'
import { readSignUp } from './sign-up-input.ts'

/** Dependencies of `signUp`, and of `signIn`. */
export type SigningIn = {
  db: RootDb
  clock: Clock
  attempts: Attempts
  networks: KnownNetworks
  beginSession: SessionsModule['begin']
}

/**
 * Creates an account and its first session.
 *
 * @param address the client address of the request; null if it is not known
 */
export async function signUp(
  { db, clock, attempts, networks, beginSession }: SigningIn,
  input: SignUpInput,
  address: string | null,
) {
  const request = readSignUp(input)
  if (isFailure(request)) return request
  const wait = await attempts.signUp(address, clock())
  if (wait > 0) return tooManySignUps(wait)
  const { deviceName, password, ...names } = request
  const account = { id: newId(), ...names, passwordHash: await hashPassword(password) }
  const isNew = await inTransaction(db, async (tx) => {
    if (!(await insertAccount(tx, { ...account, createdAt: clock() }))) return false
    await enterName(tx, account)
    return true
  })
  if (!isNew) return requestFailed('CONFLICT', 'This handle is taken. Choose another one.')
  await networks.remember(account.id, address, clock())
  const session = await beginSession(account.id, deviceName)
  return session ?? requestFailed('CONFLICT', 'The new account was deleted meanwhile. Sign up again.')
}
