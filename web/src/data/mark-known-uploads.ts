import { NotificationsDocument } from '../../../generated/graphql/web.ts'
import { ask } from './client.ts'
import { markIdsRead } from './mark-read.ts'
import { type AvatarId, idsToMark } from './own-uploads.ts'

// As many as the server marks at once.
const NEWEST = 100

/** Marks what is no news among the newest notifications as read, so that it does not count: what arrived while the app was closed. */
export async function markKnownUploads(avatarId: AvatarId): Promise<void> {
  const { viewer } = await ask(NotificationsDocument, { first: NEWEST })
  const ids = idsToMark(
    (viewer?.notifications?.edges ?? []).map(({ node }) => node),
    avatarId,
  )
  if (ids.length > 0) await markIdsRead(ids)
}
