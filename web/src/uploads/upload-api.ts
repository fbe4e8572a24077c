import { type FailedResult, UploadFailed } from './upload-failure.ts'

/** The right to send the bytes of one upload. */
export type Grant = {
  uploadId: string
  key: string
  keyExpiresAt: string
  tusUrl: string
  mediaId: string | null
}

/** The file that is announced. The size is null for a recording that goes on. */
export type Announcement = {
  fileName: string
  mimeType: string
  byteSize: number | null
  sha256: string | null
  title: string | null
  recordedLive: boolean
}

/** An upload at the server. */
export type ServerUpload = {
  state: 'REQUESTED' | 'UPLOADING' | 'VERIFYING' | 'COMPLETED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED'
  receivedBytes: number
  mediaId: string | null
  failure: FailedResult | null
}

/**
 * What the upload manager asks the API. Each function rejects if there is no answer, for example without a connection: it
 * is called again later. It rejects with `UploadFailed` if that is of no use, such as `SignedOut` if the session has ended.
 */
export type UploadApi = {
  requestUpload(file: Announcement): Promise<Grant | FailedResult>
  renewUploadKey(uploadId: string): Promise<Grant | FailedResult>
  /** Null if the upload is cancelled. Fails with `CONFLICT` if all of its bytes have arrived. */
  cancelUpload(uploadId: string): Promise<FailedResult | null>
  /** Null if the user has no such upload. */
  uploadSession(uploadId: string): Promise<ServerUpload | null>
  /** Null if the media is deleted. */
  deleteMedia(mediaId: string): Promise<FailedResult | null>
}

/** Nobody is signed in any more. */
export class SignedOut extends UploadFailed {
  constructor() {
    super({ kind: 'SIGNED_OUT' })
  }
}
