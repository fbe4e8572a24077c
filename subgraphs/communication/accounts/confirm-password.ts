import type { Viewer } from '../../../platform/identity/caller.ts'
import { requestFailed } from '../failures.ts'
import type { Attempts } from '../sign-in-limits/attempts.ts'
import { originOf } from '../sign-in-limits/origin.ts'
import { tooManyAttempts } from '../sign-in-limits/too-many-attempts.ts'
import { isPassword } from './password.ts'

/** The password that a signed-in user enters again. */
export type Confirmation = {
  userId: string
  password: string
  passwordHash: string
  caller: Viewer
  now: Date
  /** The message if the password is wrong. */
  wrong: string
}

/** Checks a password that a signed-in user enters again; returns null if it is right. */
export async function confirmPassword(
  attempts: Attempts,
  { userId, password, passwordHash, caller, now, wrong }: Confirmation,
): Promise<ReturnType<typeof requestFailed<'RATE_LIMITED' | 'NOT_ALLOWED'>> | null> {
  const wait = await attempts.begin(userId, originOf(caller), now)
  if (wait > 0) return tooManyAttempts(wait)
  if (!(await isPassword(password, passwordHash))) return requestFailed('NOT_ALLOWED', wrong)
  await attempts.succeed(userId, originOf(caller))
  return null
}
