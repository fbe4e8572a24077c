import { RESERVING } from '../capacity/occupancy-store.ts'

/** The state of an upload, as in the schema. */
export type UploadState =
  | 'REQUESTED'
  | 'UPLOADING'
  | 'VERIFYING'
  | 'COMPLETED'
  | 'REJECTED'
  | 'EXPIRED'
  | 'CANCELLED'

/** The states in which bytes are accepted. */
export const RECEIVING = ['REQUESTED', 'UPLOADING'] as const satisfies UploadState[]

/** The states of an upload that may still become media, in which space is reserved for it. */
export const UNFINISHED: readonly UploadState[] = RESERVING

/** An upload, from the handshake to its end. */
export type Upload = {
  id: string
  ownerId: string
  fileName: string
  /** The title that its owner gave it; empty if there is none. */
  title: string
  /** The announced MIME type. */
  mimeType: string
  /** In bytes; null for a live recording whose size is not known yet. */
  byteSize: number | null
  /** The maximum number of bytes that is accepted. */
  maxBytes: number
  /** The bytes that have certainly arrived; until the upload is complete, the file may be larger. */
  receivedBytes: number
  /** Up to which position shared space is held for the upload; never less than has arrived. */
  heldBytes: number
  sha256: string | null
  /** The `jti` of the only key that is accepted. */
  keyId: string
  state: UploadState
  mediaId: string | null
  failureCode: string | null
  failureMessage: string | null
  createdAt: Date
  expiresAt: Date
}

/** Whether bytes may still be sent. */
export function isReceiving(upload: Upload, now: Date): boolean {
  return (upload.state === 'REQUESTED' || upload.state === 'UPLOADING') && upload.expiresAt > now
}

/** Whether all bytes have arrived, so that none need to be sent. */
export function hasArrived({ state }: Upload): boolean {
  return state === 'VERIFYING' || state === 'COMPLETED'
}

/** Whether the upload has expired, or is about to be given up because it received no bytes in time. */
export function isOver({ state, expiresAt }: Upload, now: Date): boolean {
  return state === 'EXPIRED' || ((state === 'REQUESTED' || state === 'UPLOADING') && expiresAt <= now)
}
