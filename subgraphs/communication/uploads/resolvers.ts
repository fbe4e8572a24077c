import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { isId, newId } from '../../../platform/ids.ts'
import { invalidInput, isFailure, signInFirst } from '../failures.ts'
import { toChangeFailure, toUploadFailure } from './refusals.ts'
import type { ExpectedUpload, StorageClient } from './storage-client.ts'
import { type KeySubject, signUploadKey, type UploadKeyMaker } from './upload-key.ts'
import { readUploadRequest } from './upload-request.ts'

/** Dependencies of the upload resolvers. */
export type UploadDeps = { storage: StorageClient; keys: UploadKeyMaker }

const notAnUploadId = () =>
  invalidInput('input.uploadId', 'The upload id is not a UUID. Send the id of one of your uploads.')

/** Resolvers of the upload handshake (docs/method.md, A1, A2): requestUpload, renewUploadKey, cancelUpload. */
export function uploadResolvers({ storage, keys }: UploadDeps) {
  const keyFor = async (subject: KeySubject, upload: ExpectedUpload) => ({
    uploadSession: { id: subject.uploadId },
    ...(await signUploadKey(keys, subject, upload)),
    tusUrl: upload.tusUrl,
    multipartUrl: upload.multipartUrl,
  })

  return {
    Mutation: {
      requestUpload: async (_root, { input }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        const request = readUploadRequest(input)
        if (isFailure(request)) return request
        const subject = { uploadId: newId(), ownerId: viewerId, keyId: newId() }
        const upload = await storage.open({ ...subject, ...request })
        if (isFailure(upload)) return toUploadFailure(upload)
        return { __typename: 'RequestUploadPayload', ...(await keyFor(subject, upload)) }
      },
      renewUploadKey: async (_root, { input }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(input.uploadId)) return notAnUploadId()
        const subject = { uploadId: input.uploadId, ownerId: viewerId, keyId: newId() }
        const upload = await storage.replaceKey(subject)
        if (isFailure(upload)) return toChangeFailure(upload)
        return { __typename: 'RenewUploadKeyPayload', ...(await keyFor(subject, upload)) }
      },
      cancelUpload: async (_root, { input }, { viewerId }) => {
        if (viewerId === null) return signInFirst()
        if (!isId(input.uploadId)) return notAnUploadId()
        const uploadId = input.uploadId
        const refusal = await storage.close({ uploadId, ownerId: viewerId })
        if (refusal) return toChangeFailure(refusal)
        return { __typename: 'CancelUploadPayload', uploadSession: { id: uploadId } }
      },
    },
  } satisfies Resolvers
}
