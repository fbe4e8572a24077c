import type { UploadFailure } from './upload-failure.ts'

/**
 * What happens to an upload. `OFFLINE` also stands for a server that does not answer: it goes on by itself. `CANCELLED`
 * uploads are not shown. They are kept until the server has confirmed that nothing of them is stored.
 */
export type UploadState =
  | 'WAITING'
  | 'SENDING'
  | 'PAUSED'
  | 'OFFLINE'
  | 'VERIFYING'
  | 'STORED'
  | 'FAILED'
  | 'CANCELLED'

/** An upload as it is kept on this device, so that it continues after a reload. The upload key is not kept. */
export type UploadRecord = {
  /** The id on this device. */
  id: string
  ownerId: string
  name: string
  mimeType: string
  title: string | null
  /** The size in bytes; null as long as a recording goes on. */
  size: number | null
  /** The file; null for a recording, whose bytes the recorder keeps, and if there is no room for a copy. */
  file: Blob | null
  recordingId: string | null
  /** Whether it becomes the user's profile picture when it is stored. Records of earlier versions do not say so. */
  isAvatar?: boolean
  addedAt: number
  state: UploadState
  /** The id of the upload at the server; null before the handshake. */
  uploadId: string | null
  sentBytes: number
  mediaId: string | null
  /** Whether the user had stored the same bytes before, so that the media belong to something else as well. */
  isStoredBefore: boolean
  failure: UploadFailure | null
}

/** Whether the upload still has something to do. */
export function isUnfinished({ state }: Pick<UploadRecord, 'state'>): boolean {
  return state !== 'STORED' && state !== 'FAILED' && state !== 'CANCELLED'
}
