import {
  ChangePasswordDocument,
  type ChangePasswordInput,
  DeleteAccountDocument,
  EndSessionDocument,
  MarkNotificationsReadDocument,
  SignOutDocument,
  SignOutEverywhereDocument,
  UpdateMoblogDocument,
  type UpdateMoblogInput,
  UpdateProfileDocument,
  type UpdateProfileInput,
  UpdateReadReceiptsDocument,
} from '../../../generated/graphql/web.ts'
import { forgetPictures } from '../service-worker/picture-cache.ts'
import { closeClient, send } from './client.ts'
import { succeed } from './failure.ts'
import { writeSession } from './session-store.ts'

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

/** Marks a notification and all earlier ones as read. */
export async function markRead(upTo: string): Promise<void> {
  succeed((await send(MarkNotificationsReadDocument, { input: { upTo } })).markNotificationsRead)
}

/** Ends the session, and deletes what this device has kept. Also works without a connection. */
export async function signOut(): Promise<void> {
  await send(SignOutDocument, {}).catch(() => null)
  await leave()
}

export async function signOutEverywhere(): Promise<void> {
  succeed((await send(SignOutEverywhereDocument, {})).signOutEverywhere)
  await leave()
}

export async function deleteAccount(password: string): Promise<void> {
  succeed((await send(DeleteAccountDocument, { input: { password } })).deleteAccount)
  await leave()
}

async function leave(): Promise<void> {
  await closeClient()
  await forgetPictures()
  writeSession(null)
}
