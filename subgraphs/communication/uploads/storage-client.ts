import type {
  OpenUploadMutation,
  ReplaceUploadKeyMutation,
  UploadRefusalCode,
} from '../../../generated/graphql/internal/communication-to-storage.ts'
import type { Log } from '../../../platform/log.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { storageOperation } from '../internal-operations/storage.ts'
import type { UploadRequest } from './upload-request.ts'

/** Why storage refuses; only the fields that belong to the code are set. */
export type UploadRefusal = { code: UploadRefusalCode; message: string } & Partial<
  Omit<NonNullable<OpenUploadMutation['openUpload']['refusal']>, 'code' | 'message'>
>

/** An upload that storage expects, with the facts that its key has to state. */
export type ExpectedUpload = NonNullable<ReplaceUploadKeyMutation['replaceUploadKey']['upload']>

/**
 * The client for storage's upload operations. Each returns the result or a refusal, also if storage does not answer.
 */
export type StorageClient = {
  /** Checks whether there is space, and reserves it (docs/method.md, A2). */
  open(
    upload: UploadRequest & { uploadId: string; ownerId: string; keyId: string },
  ): Promise<ExpectedUpload | UploadRefusal>
  /** Makes storage accept a new key and refuse the previous one. */
  replaceKey(input: UploadOfOwner & { keyId: string }): Promise<ExpectedUpload | UploadRefusal>
  /** Closes an upload; null on success. */
  close(input: UploadOfOwner): Promise<UploadRefusal | null>
}

type UploadOfOwner = { uploadId: string; ownerId: string }

/** Options of the storage client. */
export type StorageClientOptions = {
  /** How long the client waits for an answer, in milliseconds. */
  timeoutMs: number
  log: Log
  /** Called if storage does not answer a request to open an upload, because storage may have reserved space for it. */
  lost(upload: UploadOfOwner): Promise<void>
}

/** Creates the storage client. */
export function createStorageClient(
  peer: () => PeerClient,
  { timeoutMs, log, lost }: StorageClientOptions,
): StorageClient {
  const ask = async <Answer>(call: Promise<Answer>) => {
    try {
      return await inTime(call, timeoutMs)
    } catch (error) {
      log.warn({ err: error }, 'request to storage failed')
      return null
    }
  }

  return {
    async open(input) {
      const answer = await ask(callPeer(peer(), storageOperation('open-upload'), { input }))
      const { refusal, reservedBytes, tusUrl, multipartUrl } = answer?.openUpload ?? {}
      if (refusal) return refusal
      if (reservedBytes == null || tusUrl == null || multipartUrl == null) {
        const { uploadId, ownerId } = input
        await lost({ uploadId, ownerId }).catch((error) =>
          log.error({ err: error, uploadId }, 'queueing the release of a reservation failed'),
        )
        return silent()
      }
      const { byteSize, mimeType, sha256 } = input
      return { byteSize, reservedBytes, mimeType, sha256, tusUrl, multipartUrl }
    },
    async replaceKey(input) {
      const answer = await ask(callPeer(peer(), storageOperation('replace-upload-key'), { input }))
      if (answer === null) return silent()
      const { refusal, upload } = answer.replaceUploadKey
      return refusal ?? upload ?? silent()
    },
    async close(input) {
      const answer = await ask(callPeer(peer(), storageOperation('close-upload'), { input }))
      return answer === null ? silent() : answer.closeUpload.refusal
    },
  }
}

// If storage does not answer, the user gets a typed result and not an error (docs/method.md, A2).
const silent = (): UploadRefusal => ({
  code: 'STORAGE_UNAVAILABLE',
  message: 'The storage server does not answer. Try again in a moment.',
  retryAfterSeconds: 10,
})
