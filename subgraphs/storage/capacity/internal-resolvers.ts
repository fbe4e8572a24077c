import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import type { Opened, UploadRequest } from '../uploads/open-upload.ts'
import type { UploadAddresses } from '../uploads/upload-addresses.ts'

/** The dependencies of these resolvers. */
export type InternalCapacityDeps = {
  openUpload(request: UploadRequest): Promise<Opened>
  addresses: UploadAddresses
}

/** The internal resolver that reserves space for uploads. */
export function internalCapacityResolvers({ openUpload, addresses }: InternalCapacityDeps) {
  return {
    Mutation: {
      async openUpload(_root, { input }, { caller }) {
        requireService(caller, 'communication')
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
