import { MarkNotificationsReadDocument } from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

/** Marks a notification and all earlier ones as read. */
export async function markRead(upTo: string): Promise<void> {
  succeed((await send(MarkNotificationsReadDocument, { input: { upTo } })).markNotificationsRead)
}

/** Marks notifications as read, at most 100. */
export async function markIdsRead(ids: readonly string[]): Promise<void> {
  succeed((await send(MarkNotificationsReadDocument, { input: { ids: [...ids] } })).markNotificationsRead)
}
