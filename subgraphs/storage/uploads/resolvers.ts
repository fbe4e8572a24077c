import type { FileUpload } from 'graphql-upload-minimal'
import { z } from 'zod'
import type { Resolvers } from '../../../generated/graphql/storage.ts'
import { isId } from '../../../platform/ids.ts'
import { invalidInput, storedFailure } from '../failures.ts'
import { describeUpload } from './describe-upload.ts'
import { type UploadingFiles, uploadFile } from './upload-file.ts'

const file = z.custom<FileUpload>(
  (value) => typeof (value as Partial<FileUpload> | null)?.createReadStream === 'function',
)

/** Resolvers for unfinished uploads. Owners see them, and the holder of the key sends their bytes. */
export function uploadResolvers(deps: UploadingFiles) {
  const { db, files } = deps

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
