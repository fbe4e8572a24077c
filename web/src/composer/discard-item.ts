import { appUploads, discardUpload } from '../uploads/app-uploads.ts'
import { forgetCaptionsText } from './captions-store.ts'
import type { DraftItem } from './draft.ts'

/** Ends the upload of a media file that the user takes out of a draft, and deletes what was stored for the draft. */
export function discardItem({ captions, uploadId, mediaId, isNewMedia }: DraftItem): void {
  for (const { id } of captions) void forgetCaptionsText(id).catch(() => {})
  if (uploadId !== null && appUploads().get(uploadId)) discardUpload(uploadId)
  else if (mediaId !== null && isNewMedia) void appUploads().withdrawMedia(mediaId)
}
