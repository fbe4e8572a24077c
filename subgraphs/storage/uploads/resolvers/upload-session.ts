import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { createIdLoader } from '../../../../platform/subgraph/id-loader.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../database.ts'
import { storedFailure } from '../../failures.ts'
import type { LoadersOf } from '../../media/media-loaders.ts'
import { describeUpload } from '../describe-upload.ts'
import type { Upload } from '../upload.ts'
import type { UploadFiles } from '../upload-files.ts'
import { findUploads } from '../upload-store.ts'

/** The dependencies of the fields of `UploadSession`. */
export type UploadSessionDeps = { db: Db; files: UploadFiles; mediaLoaders: LoadersOf }

/** `Query.uploadSession` and the fields of `UploadSession`. */
export function uploadSessionResolvers({ db, files, mediaLoaders }: UploadSessionDeps) {
  // Uploads by id, without an access check.
  const uploads = perRequest((_context: Context) => createIdLoader<Upload>((ids) => findUploads(db, ids)))
  const ofViewer = async (id: string, context: Context) => {
    const upload = await uploads(context).load(id)
    return upload?.ownerId === context.viewerId ? describeUpload(db, upload) : null
  }
  const storedMedia = async ({ mediaId, state }: Upload, context: Context) =>
    state === 'COMPLETED' && mediaId ? mediaLoaders(context).media.load(mediaId) : null
  return {
    Query: {
      uploadSession: (_root, { id }, context) => ofViewer(id, context),
    },
    UploadSession: {
      __resolveReference: (key, context) => ofViewer('id' in key ? key.id : key.reference, context),
      reference: ({ id }) => id,
      byteSize: ({ byteSize, maxBytes }) => byteSize ?? maxBytes,
      async receivedBytes({ id, state, receivedBytes }) {
        if (state !== 'REQUESTED' && state !== 'UPLOADING') return receivedBytes
        return (await files.size(id)) ?? 0
      },
      media: (upload, _args, context) => storedMedia(upload, context),
      failure: async (upload, _args, context) =>
        storedFailure((await storedMedia(upload, context)) ?? upload),
    },
  } satisfies Resolvers
}
