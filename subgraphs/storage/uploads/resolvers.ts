import type { FileUpload } from 'graphql-upload-minimal'
import { z } from 'zod'
import type { Resolvers } from '../../../generated/graphql/storage.ts'
import { isId } from '../../../platform/ids.ts'
import type { UploadAddresses } from '../capacity/resolvers.ts'
import { invalidInput, storedFailure } from '../failures.ts'
import { describeUpload } from './describe-upload.ts'
import { giveUp } from './receiving.ts'
import { isOver, type Upload } from './upload.ts'
import { type UploadingFiles, uploadFile } from './upload-file.ts'
import { findUpload, replaceKey } from './upload-store.ts'

/** The dependencies of these resolvers. */
export type UploadDeps = UploadingFiles & { addresses: UploadAddresses }

const file = z.custom<FileUpload>(
  (value) => typeof (value as Partial<FileUpload> | null)?.createReadStream === 'function',
)

/**
 * Resolvers for unfinished uploads. Owners see them, `communication` changes them, and the holder of the key sends
 * their bytes.
 */
export function uploadResolvers(deps: UploadDeps) {
  const { db, files, addresses, clock } = deps
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
    Query: {
      async uploadSession(_root, { id }, { uploads, viewerId }) {
        const upload = await uploads.load(id)
        return upload?.ownerId === viewerId ? describeUpload(db, upload) : null
      },
    },
    Mutation: {
      async uploadMedia(_root, { input }) {
        if (!isId(input.uploadId)) return invalidInput('input.uploadId', 'An upload id is a UUID.')
        const { uploadId, key } = input
        const arrives = async () => file.safeParse(await Promise.resolve(input.file).catch(() => null)).data
        return uploadFile(deps, { uploadId, key, arrives })
      },
      async replaceUploadKey(_root, { input: { uploadId, ownerId, keyId } }) {
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: noSuchUpload, upload: null }
        const now = clock()
        if (isOver(upload, now)) return { refusal: expired(upload), upload: null }
        if (!(await replaceKey(db, uploadId, keyId, now))) return { refusal: finished, upload: null }
        return { refusal: null, upload: record(upload) }
      },
      async closeUpload(_root, { input: { uploadId, ownerId } }) {
        const upload = await findUpload(db, uploadId)
        if (upload?.ownerId !== ownerId) return { refusal: noSuchUpload, upload: null }
        if (await giveUp(deps, uploadId, 'CANCELLED')) return { refusal: null, upload: null }
        const state = (await findUpload(db, uploadId))?.state
        const isGivenUp = state === 'CANCELLED' || state === 'EXPIRED'
        return { refusal: isGivenUp ? null : finished, upload: null }
      },
    },
    UploadSession: {
      async __resolveReference(key, { uploads, viewerId }) {
        const upload = await uploads.load('id' in key ? key.id : key.reference)
        return upload?.ownerId === viewerId ? describeUpload(db, upload) : null
      },
      reference: ({ id }) => id,
      byteSize: ({ byteSize, maxBytes }) => byteSize ?? maxBytes,
      async receivedBytes({ id, state, receivedBytes }) {
        if (state !== 'REQUESTED' && state !== 'UPLOADING') return receivedBytes
        return (await files.size(id)) ?? 0
      },
      media: ({ mediaId, state }, _args, { media }) =>
        state === 'COMPLETED' && mediaId ? media.load(mediaId) : null,
      async failure({ mediaId, state, ...upload }, _args, { media }) {
        const stored = state === 'COMPLETED' && mediaId ? await media.load(mediaId) : null
        return storedFailure(stored ?? upload)
      },
    },
  } satisfies Resolvers
}
