/** How far an upload has come, as in the schema. */
export type UploadState =
  | 'REQUESTED'
  | 'UPLOADING'
  | 'VERIFYING'
  | 'READY'
  | 'REJECTED'
  | 'EXPIRED'
  | 'CANCELLED'

/** The states in which bytes are taken. */
export const RECEIVING = ['REQUESTED', 'UPLOADING'] as const satisfies UploadState[]

/** The states in which space is set aside: it comes back by leaving them. */
export const UNFINISHED = [...RECEIVING, 'VERIFYING'] as const satisfies UploadState[]

/** An upload, from the grant to its end. */
export type Upload = {
  id: string
  ownerId: string
  fileName: string
  /** What its owner calls it; empty where they gave it no title. */
  title: string
  /** As announced. */
  mimeType: string
  /** Null for a live recording whose size is not known yet. */
  byteSize: number | null
  /** The largest number of bytes that is taken. */
  maxBytes: number
  /** What has arrived for certain; until all has, the size of the file may be ahead of it. */
  receivedBytes: number
  /** How far room is held for it in what all users share; never less than has arrived. */
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

/** Whether all bytes have come, and none is missed any more. */
export function hasArrived({ state }: Upload): boolean {
  return state === 'VERIFYING' || state === 'READY'
}

/** Whether it was given up for want of bytes, or is about to be. */
export function isOver({ state, expiresAt }: Upload, now: Date): boolean {
  return state === 'EXPIRED' || ((state === 'REQUESTED' || state === 'UPLOADING') && expiresAt <= now)
}
