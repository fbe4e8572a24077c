import type { Clock } from '../../../platform/clock.ts'
import type { Keyring } from '../../../platform/tokens/keyring.ts'
import type { ExpectedUpload } from './storage-client.ts'

/** The `typ` of an upload key. */
const UPLOAD_TYP = 'upload+jwt'

/** Dependencies and settings for signing upload keys. */
export type UploadKeyMaker = { keyring: Keyring; clock: Clock; lifetimeSeconds: number }

/** The upload, the owner and the id of a key. */
export type KeySubject = { uploadId: string; ownerId: string; keyId: string }

/**
 * Signs the key to one upload (docs/method.md, A2). It states the owner and exactly which bytes storage accepts.
 * Storage already knows the key's id and accepts no key with another id.
 */
export async function signUploadKey(
  { keyring, clock, lifetimeSeconds }: UploadKeyMaker,
  { uploadId, ownerId, keyId }: KeySubject,
  upload: ExpectedUpload,
): Promise<{ key: string; keyExpiresAt: Date }> {
  const now = clock().getTime()
  const expiresAt = now + lifetimeSeconds * 1000
  const claims = {
    aud: 'storage',
    sub: ownerId,
    jti: keyId,
    upload: uploadId,
    ...(upload.byteSize !== null && { size: upload.byteSize }),
    max: upload.reservedBytes,
    mime: upload.mimeType,
    ...(upload.sha256 !== null && { sha256: upload.sha256 }),
    iat: now / 1000,
    exp: expiresAt / 1000,
  }
  return { key: await keyring.sign(claims, UPLOAD_TYP), keyExpiresAt: new Date(expiresAt) }
}
