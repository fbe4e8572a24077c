import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import { giveUp, type Receiving } from './receiving.ts'
import { isOver, type Upload } from './upload.ts'
import type { UploadAddresses } from './upload-addresses.ts'
import { findUpload, replaceKey } from './upload-store.ts'

/** The dependencies of these resolvers. */
export type InternalUploadDeps = Receiving & { addresses: UploadAddresses }

/** Internal resolvers with which `communication` changes unfinished uploads. */
export function internalUploadResolvers(deps: InternalUploadDeps) {
  const { db, addresses, clock } = deps
  const record = ({ id, byteSize, maxBytes, mimeType, sha256 }: Upload) => ({
    byteSize,
    mimeType,
    sha256,
    reservedBytes: maxBytes,
    ...addresses(id),
  })
  const noSuchUpload = { code: 'NOT_FOUND', message: 'There is no such upload.' } as const
  const expired = ({ expiresAt }: Upload) =>
    ({
      code: 'EXPIRED',
      message: `Nothing arrived for this upload until ${expiresAt.toISOString()}. Ask for a new one with requestUpload.`,
    }) as const
  const finished = { code: 'CONFLICT', message: 'This upload takes no more bytes.' } as const

  return {
    Mutation: {
      async replaceUploadKey(_root, { input: { uploadId, ownerId, keyId } }, { caller }) {
        requireService(caller, 'communication')
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: noSuchUpload, upload: null }
        const now = clock()
        if (isOver(upload, now)) return { refusal: expired(upload), upload: null }
        if (!(await replaceKey(db, uploadId, keyId, now))) return { refusal: finished, upload: null }
        return { refusal: null, upload: record(upload) }
      },
      async closeUpload(_root, { input: { uploadId, ownerId } }, { caller }) {
        requireService(caller, 'communication')
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: noSuchUpload, upload: null }
        if (await giveUp(deps, uploadId, 'CANCELLED')) return { refusal: null, upload: null }
        const state = (await findUpload(db, uploadId))?.state
        const isGivenUp = state === 'CANCELLED' || state === 'EXPIRED'
        return { refusal: isGivenUp ? null : finished, upload: null }
      },
    },
  } satisfies Resolvers
}
