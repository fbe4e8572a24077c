import type { Db } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { reference } from '../references.ts'

export const kind: NotificationKind<'MediaReady'> = {
  name: 'MEDIA_READY',
  type: 'MediaReady',
  resolvers: { media: ({ mediaId }) => reference(mediaId) },
}

/** Notifies the owner that all variants of a media file were made, in the transaction that registers them. */
export function publishMediaReady(
  tx: Db,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, kind, [ownerId], { subject: `all of media ${mediaId}`, mediaId, at })
}
