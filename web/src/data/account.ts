import {
  ChangePasswordDocument,
  type ChangePasswordInput,
  DeleteAccountDocument,
  EndSessionDocument,
  SignOutDocument,
  SignOutEverywhereDocument,
  UpdateMoblogDocument,
  type UpdateMoblogInput,
  UpdateProfileDocument,
  type UpdateProfileInput,
  UpdateReadReceiptsDocument,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'
import { keepFarewell } from './farewell.ts'
import { readSession, removeSession, shownUser } from './session-store.ts'
import { markToForget } from './users-to-forget.ts'

// Signing out does not depend on the server: without an answer, its session expires.
const ANSWER_MS = 3_000

export async function updateProfile(input: UpdateProfileInput): Promise<void> {
  succeed((await send(UpdateProfileDocument, { input })).updateProfile)
}

export async function updateMoblog(input: UpdateMoblogInput): Promise<void> {
  succeed((await send(UpdateMoblogDocument, { input })).updateMoblog)
}

export async function changePassword(input: ChangePasswordInput): Promise<void> {
  succeed((await send(ChangePasswordDocument, { input })).changePassword)
}

/** Turns the viewer's read receipts on or off. */
export async function updateReadReceipts(enabled: boolean): Promise<void> {
  succeed((await send(UpdateReadReceiptsDocument, { input: { enabled } })).updateReadReceipts)
}

export async function endSession(sessionId: string): Promise<void> {
  succeed((await send(EndSessionDocument, { input: { sessionId } })).endSession)
}

/**
 * Ends the session of the user whom this page shows, and deletes what this device has kept of them. Also works without a
 * connection. If another user has signed in while the page was asleep, the session of that user stays.
 */
export async function signOut(): Promise<void> {
  const userId = shownUser()
  if (userId === null) return
  // First: if the app is closed now, its next start deletes everything.
  markToForget(userId)
  const answer = send(SignOutDocument, {}).catch(() => null)
  await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, ANSWER_MS))])
  removeSession(userId)
}

export async function signOutEverywhere(): Promise<void> {
  const userId = readSession()?.userId
  succeed((await send(SignOutEverywhereDocument, {})).signOutEverywhere)
  if (userId !== undefined) removeSession(userId)
}

/** Deletes the account. The page is loaded again, and says what was deleted. */
export async function deleteAccount(password: string): Promise<void> {
  const { userId, handle = '' } = readSession() ?? {}
  const { deleteAccount: result } = await send(DeleteAccountDocument, { input: { password } })
  const { receipt } = succeed(result).erasure
  if (userId === undefined) return
  keepFarewell({ handle, receipt })
  markToForget(userId, true)
  removeSession(userId)
}
