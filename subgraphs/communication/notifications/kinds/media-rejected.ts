import type { Db } from '../../database.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { reference } from '../references.ts'

export const kind: NotificationKind<'MediaRejected'> = {
  name: 'MEDIA_REJECTED',
  type: 'MediaRejected',
  resolvers: { uploadSession: ({ uploadId }) => reference(uploadId) },
  onUploadActivity: {
    REJECTED: ({ db, clock }, { ownerId, uploadId }) =>
      publishMediaRejected(db, { ownerId, uploadId, at: clock() }),
  },
}

/**
 * Notifies the owner that the upload was rejected.
 *
 * @param mediaId the media that was stored before its variants failed; if it is deleted, this notification is hidden
 */
export function publishMediaRejected(
  tx: Db,
  {
    ownerId,
    uploadId,
    mediaId = null,
    at,
  }: { ownerId: string; uploadId: string; mediaId?: string | null; at: Date },
): Promise<void> {
  return deliver(tx, kind, [ownerId], { subject: `upload ${uploadId}`, uploadId, mediaId, at })
}
