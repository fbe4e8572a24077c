import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Db } from '../database.ts'
import { userOccupancy } from './occupancy.ts'
import type { Opened, UploadRequest } from './open-upload.ts'

/** The addresses to which clients send the bytes of an upload. */
export type UploadAddresses = (uploadId: string) => { tusUrl: string; multipartUrl: string }

/** The dependencies of these resolvers. */
export type CapacityDeps = {
  db: Db
  openUpload(request: UploadRequest): Promise<Opened>
  addresses: UploadAddresses
  userQuota: number
}

/** Resolvers that reserve space for uploads and report how much a user stores. */
export function capacityResolvers({ db, openUpload, addresses, userQuota }: CapacityDeps) {
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
    User: {
      async storageUsage({ id }, _args, { viewerId }) {
        if (id !== viewerId) return null
        const { used, reserved } = await userOccupancy(db, id)
        return { usedBytes: used, reservedBytes: reserved, quotaBytes: userQuota }
      },
    },
  } satisfies Resolvers
}
