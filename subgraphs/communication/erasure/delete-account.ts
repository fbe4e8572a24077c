import type { Clock } from '../../../platform/clock.ts'
import type { Viewer } from '../../../platform/identity/caller.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { findPasswordHash, retireHandle } from '../accounts/account-store.ts'
import { confirmPassword } from '../accounts/confirm-password.ts'
import { unlinkProviderAccount } from '../accounts/identity-provider-store.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { invalidInput, signInFirst } from '../failures.ts'
import type { SessionsModule } from '../sessions/module.ts'
import { forgetAttemptsAt } from '../sign-in-limits/attempt-store.ts'
import type { Attempts } from '../sign-in-limits/attempts.ts'
import { enqueueErasure } from './erasure-delivery.ts'
import { deleteUser, type Erasure, eraseLists, eraseRegister, lockUser } from './erasure-store.ts'

/** Dependencies of `deleteAccount`. */
export type DeletingAccount = {
  db: RootDb
  enqueue: Enqueue
  clock: Clock
  attempts: Attempts
  endUser: SessionsModule['endUser']
}

/** Deletes a user's account, after the user has entered the password again. */
export async function deleteAccount(
  deps: DeletingAccount,
  userId: string,
  caller: Viewer,
  password: string | null,
) {
  const { db, clock, attempts } = deps
  const passwordHash = await findPasswordHash(db, userId)
  if (passwordHash !== null) {
    if (password === null)
      return invalidInput(
        'input.password',
        'The password is missing. Confirm the deletion with your password.',
      )
    const wrong = 'The password is wrong. Check it and try again.'
    const confirmation = { userId, password, passwordHash, caller, now: clock(), wrong }
    const failure = await confirmPassword(attempts, confirmation)
    if (failure) return failure
  }
  // Null means that the account is already deleted, so the viewer counts as signed out.
  return (await erase(deps, userId)) ?? signInFirst()
}

/**
 * Deletes an account in one transaction. After the commit, the user does not exist in any answer.
 *
 * @returns null if the account no longer exists
 */
function erase({ db, enqueue, clock, endUser }: DeletingAccount, userId: string): Promise<Erasure | null> {
  const now = clock()
  return inTransaction(db, async (tx) => {
    const handleKey = await lockUser(tx, userId)
    if (handleKey === null) return null
    await endUser(tx, userId, now)
    await retireHandle(tx, handleKey)
    await unlinkProviderAccount(tx, userId, now)
    await forgetAttemptsAt(tx, [handleKey, userId])
    await eraseLists(tx, userId)
    await eraseRegister(tx, userId)
    const erasure = await deleteUser(tx, userId, now)
    await enqueueErasure(enqueue, tx, userId)
    return erasure
  })
}
