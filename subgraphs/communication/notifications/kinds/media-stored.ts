import type { Db } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { reference } from '../references.ts'

export const kind: NotificationKind<'MediaStored'> = {
  name: 'MEDIA_STORED',
  type: 'MediaStored',
  resolvers: { media: ({ mediaId }) => reference(mediaId) },
}

/** Notifies the owner that the media is stored (docs/method.md, A3), in the transaction that registers it. */
export function publishMediaStored(
  tx: Db,
  { ownerId, mediaId, at }: { ownerId: string; mediaId: string; at: Date },
): Promise<void> {
  return deliver(tx, kind, [ownerId], { subject: `media ${mediaId}`, mediaId, at })
}
