import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Verifier } from '../../../platform/tokens/verifier.ts'
import type { Db } from '../database.ts'
import type { Upload } from './upload.ts'
import { findUpload } from './upload-store.ts'

/** The dependencies of checking an upload key. */
export type KeyCheck = { db: Db; verifier: Verifier; clock: Clock }

/**
 * Returns the upload that a key authorizes (docs/method.md, A2). The key must be signed by `communication` for this
 * upload and its owner, must not have expired, and must be the last key that was issued.
 *
 * @param uploadId null to accept the upload that the key names
 * @returns `EXPIRED` for an expired key, `NOT_ALLOWED` for every other invalid key
 */
export async function uploadOfKey(
  { db, verifier, clock }: KeyCheck,
  key: string | null,
  uploadId: string | null,
): Promise<Upload | 'NOT_ALLOWED' | 'EXPIRED'> {
  if (!key || (uploadId !== null && !isId(uploadId))) return 'NOT_ALLOWED'
  const expected = { issuer: 'communication', audience: 'storage', typ: 'upload+jwt', now: clock() }
  try {
    const claims = await verifier.verify(key, expected)
    if (typeof claims.upload !== 'string' || !isId(claims.upload)) return 'NOT_ALLOWED'
    if (uploadId !== null && claims.upload !== uploadId) return 'NOT_ALLOWED'
    const upload = await findUpload(db, claims.upload)
    return upload && upload.keyId === claims.jti && upload.ownerId === claims.sub ? upload : 'NOT_ALLOWED'
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ERR_JWT_EXPIRED') return 'EXPIRED'
    if (String(error.code).startsWith('ERR_J')) return 'NOT_ALLOWED'
    throw error
  }
}
