import type { ChangePasswordInput } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Viewer } from '../../../platform/identity/caller.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { invalidInput, requestFailed } from '../failures.ts'
import type { SessionsModule } from '../sessions/module.ts'
import type { Attempts } from '../sign-in-limits/attempts.ts'
import { findPasswordHash, replacePasswordHash } from './account-store.ts'
import { confirmPassword } from './confirm-password.ts'
import { hashPassword, passwordProblem } from './password.ts'

/** Dependencies of `changePassword`. */
export type ChangingPassword = {
  db: RootDb
  clock: Clock
  attempts: Attempts
  endSessions: SessionsModule['end']
}

const noPasswordHere = () =>
  requestFailed('NOT_ALLOWED', 'This account has no password in Moblog. Change it at your identity provider.')

/** Changes a user's password and ends the user's other sessions; returns null on success. */
export async function changePassword(
  { db, clock, attempts, endSessions }: ChangingPassword,
  userId: string,
  caller: Viewer,
  { currentPassword, newPassword }: ChangePasswordInput,
) {
  const problem = passwordProblem(newPassword)
  if (problem) return invalidInput('input.newPassword', problem)
  const known = await findPasswordHash(db, userId)
  if (known === null) return noPasswordHere()
  const wrong = 'The current password is wrong. Check it and try again.'
  const confirmation = { userId, password: currentPassword, passwordHash: known, caller, now: clock(), wrong }
  const failure = await confirmPassword(attempts, confirmation)
  if (failure) return failure
  const next = await hashPassword(newPassword)
  const isReplaced = await inTransaction(db, async (tx) => {
    // Of two changes at once, the second one checked a password that is no longer the current one.
    if (!(await replacePasswordHash(tx, userId, known, next))) return false
    await endSessions(tx, { userId, except: caller.sessionId })
    return true
  })
  if (isReplaced) return null
  return requestFailed(
    'CONFLICT',
    'The password was changed by another request at the same time. Try again with the current password.',
  )
}
