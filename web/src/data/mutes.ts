import { MuteUserDocument, UnmuteUserDocument } from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

/** Mutes a user, or ends the mute. */
export async function muteUser(userId: string, mutes: boolean): Promise<void> {
  const variables = { input: { userId } }
  if (mutes) succeed((await send(MuteUserDocument, variables)).muteUser)
  else succeed((await send(UnmuteUserDocument, variables)).unmuteUser)
}
