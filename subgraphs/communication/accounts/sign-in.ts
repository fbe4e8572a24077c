import type { SignInInput } from '../../../generated/graphql/communication.ts'
import { requestFailed } from '../failures.ts'
import { typedHandleKey } from '../people/handle.ts'
import { tooManyAttempts } from '../sign-in-limits/too-many-attempts.ts'
import { findCredentials } from './account-store.ts'
import { isPassword } from './password.ts'
import type { SigningIn } from './sign-up.ts'
import { readDeviceName } from './sign-up-input.ts'

const wrongCredentials = () =>
  requestFailed('NOT_ALLOWED', 'The handle or the password is wrong. Check both and try again.')

/**
 * Starts a session of the user with this handle and password.
 *
 * @param address the client address of the request; null if it is not known
 */
export async function signIn(
  { db, clock, attempts, networks, beginSession }: SigningIn,
  input: SignInInput,
  address: string | null,
) {
  const deviceName = readDeviceName(input.deviceName)
  if (typeof deviceName === 'object' && deviceName) return deviceName
  const key = typedHandleKey(input.handle)
  const account = key === null ? null : await findCredentials(db, key)
  const isKnown = await networks.has(account?.id ?? null, address)
  const origin = { address, isKnown, isSignedIn: false }
  const wait = await attempts.begin(key, origin, clock())
  if (wait > 0) return tooManyAttempts(wait)
  const isRight = await isPassword(input.password, account?.passwordHash ?? null)
  if (key === null || !account || !isRight) return wrongCredentials()
  await attempts.succeed(key, origin)
  await networks.remember(account.id, address, clock())
  return (await beginSession(account.id, deviceName)) ?? wrongCredentials()
}
