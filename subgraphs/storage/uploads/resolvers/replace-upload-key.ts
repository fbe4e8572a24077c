import type { Resolvers } from '../../../../generated/graphql/internal/storage.ts'
import type { Clock } from '../../../../platform/clock.ts'
import type { Db } from '../../database.ts'
import { FINISHED, NO_SUCH_UPLOAD } from '../refusals.ts'
import { isOver, type Upload } from '../upload.ts'
import type { UploadAddresses } from '../upload-addresses.ts'
import { findUpload, replaceKey } from '../upload-store.ts'

/** The dependencies of `Mutation.replaceUploadKey`. */
export type ReplaceUploadKeyDeps = { db: Db; clock: Clock; addresses: UploadAddresses }

/** `Mutation.replaceUploadKey` of the internal API */
export function replaceUploadKeyResolvers({ db, clock, addresses }: ReplaceUploadKeyDeps) {
  return {
    Mutation: {
      async replaceUploadKey(_root, { input: { uploadId, ownerId, keyId } }) {
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: NO_SUCH_UPLOAD, upload: null }
        const now = clock()
        if (isOver(upload, now)) return { refusal: expired(upload), upload: null }
        if (!(await replaceKey(db, uploadId, keyId, now))) return { refusal: FINISHED, upload: null }
        const { byteSize, maxBytes: reservedBytes, mimeType, sha256 } = upload
        return {
          refusal: null,
          upload: { byteSize, mimeType, sha256, reservedBytes, ...addresses(uploadId) },
        }
      },
    },
  } satisfies Resolvers
}

function expired({ expiresAt }: Upload) {
  const message = `Nothing arrived for this upload until ${expiresAt.toISOString()}. Ask for a new one with requestUpload.`
  return { code: 'EXPIRED', message } as const
}
