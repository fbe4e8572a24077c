import { createHash } from 'node:crypto'

/** A media file on a user's phone. */
export type MediaFile = {
  name: string
  mimeType: string
  bytes: Buffer
  /** The digest of the bytes, 64 lower-case hexadecimal digits. */
  sha256: string
}

/** Returns a file with any content. */
export function fileOf(name: string, mimeType: string, bytes: Buffer): MediaFile {
  return { name, mimeType, bytes, sha256: sha256Of(bytes) }
}

/** Returns the SHA-256 of bytes as 64 lower-case hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
