import type { Resolvers } from '../../../../generated/graphql/internal/storage.ts'
import type { Opened, UploadRequest } from '../open-upload.ts'
import type { UploadAddresses } from '../upload-addresses.ts'

/** The dependencies of `Mutation.openUpload`. */
export type OpenUploadDeps = {
  openUpload(request: UploadRequest): Promise<Opened>
  addresses: UploadAddresses
}

/** `Mutation.openUpload` of the internal API */
export function openUploadResolvers({ openUpload, addresses }: OpenUploadDeps) {
  return {
    Mutation: {
      async openUpload(_root, { input }) {
        const opened = await openUpload({
          ...input,
          title: input.title ?? '',
          byteSize: input.byteSize ?? null,
          sha256: input.sha256 ?? null,
        })
        if ('refusal' in opened) return { ...opened, reservedBytes: null, tusUrl: null, multipartUrl: null }
        return { ...opened, refusal: null, ...addresses(input.uploadId) }
      },
    },
  } satisfies Resolvers
}
