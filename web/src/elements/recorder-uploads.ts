import type { Announcement } from '../uploads/upload-api.ts'

/** A failure of the API. Some have more fields, such as `retryAfterSeconds`. */
type Refused = { code: string; message: string }

/**
 * How a page uploads recordings: the operations of the API with these names. The functions return what the API returns, and
 * reject if it does not answer. The page keeps its tokens itself.
 */
export type RecorderUploads = {
  requestUpload(
    input: Announcement,
  ): Promise<
    | { uploadSession: { id: string; media?: { id: string } | null }; key: string | null; tusUrl: string }
    | Refused
  >
  renewUploadKey(uploadId: string): Promise<{ key: string; tusUrl: string } | Refused>
  uploadSession(
    uploadId: string,
  ): Promise<{ state: string; media: { id: string } | null; failure: Refused | null } | null>
  /** Called when the user discards a recording that is not stored yet. */
  cancelUpload?(uploadId: string): Promise<unknown>
  /** Called when the user discards or shortens a recording that is stored. */
  deleteMedia?(mediaId: string): Promise<unknown>
}

const NEEDED = ['requestUpload', 'renewUploadKey', 'uploadSession'] as const

/** Returns the value as uploads. Null means that the page uploads nothing. @throws TypeError if a function is missing */
export function readUploads(value: unknown): RecorderUploads | null {
  if (value === null || value === undefined) return null
  const uploads = value as RecorderUploads
  const missing = NEEDED.filter((name) => typeof uploads[name] !== 'function')
  if (missing.length > 0) throw new TypeError(`uploads needs the functions ${missing.join(', ')}`)
  return uploads
}
