import { z } from 'zod'
import type { FailureCode } from '../../../generated/graphql/communication.ts'
import type { Log } from '../../../platform/log.ts'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import type { UploadRequest } from './upload-request.ts'

const refusal = z.object({
  code: z.enum([
    'STORAGE_UNAVAILABLE',
    'QUOTA_EXCEEDED',
    'TOO_LARGE',
    'UNSUPPORTED_MEDIA',
    'RATE_LIMITED',
    'CONFLICT',
    'NOT_FOUND',
    'NOT_ALLOWED',
    'INVALID_INPUT',
    'EXPIRED',
    'CHECKSUM_MISMATCH',
  ] satisfies FailureCode[]),
  message: z.string(),
  retryAfterSeconds: z.number().nullish(),
  quotaBytes: z.number().nullish(),
  usedBytes: z.number().nullish(),
  reservedBytes: z.number().nullish(),
  maxBytes: z.number().nullish(),
  supportedMimeTypes: z.array(z.string()).nullish(),
})

/** Why storage refuses; only the fields that belong to the code are set. */
export type UploadRefusal = z.infer<typeof refusal>

const addresses = { tusUrl: z.string(), multipartUrl: z.string() }
const granted = z.object({ refusal: z.null(), reservedBytes: z.number(), ...addresses })
const refused = z.object({ refusal })
const openAnswer = z.object({ outcome: z.union([granted, refused]) })

const upload = z.object({
  byteSize: z.number().nullable(),
  reservedBytes: z.number(),
  mimeType: z.string(),
  sha256: z.string().nullable(),
  ...addresses,
})
const replaceAnswer = z.object({ outcome: z.union([z.object({ refusal: z.null(), upload }), refused]) })
const closeAnswer = z.object({ outcome: z.object({ refusal: refusal.nullable() }) })

/** An upload that storage expects, with the facts that its key has to state. */
export type ExpectedUpload = z.infer<typeof upload>

const REFUSAL = `refusal {
  code message retryAfterSeconds quotaBytes usedBytes reservedBytes maxBytes supportedMimeTypes
}`

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
  peer: () => SubgraphClient,
  { timeoutMs, log, lost }: StorageClientOptions,
): StorageClient {
  const ask = async <Answer>(query: string, input: object, shape: z.ZodType<Answer>) => {
    try {
      return await inTime(askPeer(peer(), 'communication', query, { input }, shape), timeoutMs)
    } catch (error) {
      log.warn({ err: error }, 'request to storage failed')
      return null
    }
  }

  return {
    async open(input) {
      const query = `mutation Open($input: OpenUploadInput!) {
        outcome: openUpload(input: $input) { ${REFUSAL} reservedBytes tusUrl multipartUrl }
      }`
      const answer = await ask(query, input, openAnswer)
      if (answer === null) {
        const { uploadId, ownerId } = input
        await lost({ uploadId, ownerId }).catch((error) =>
          log.error({ err: error, uploadId }, 'queueing the release of a reservation failed'),
        )
        return silent()
      }
      const { outcome } = answer
      if (outcome.refusal !== null) return outcome.refusal
      const { byteSize, mimeType, sha256 } = input
      const { reservedBytes, tusUrl, multipartUrl } = outcome
      return { byteSize, reservedBytes, mimeType, sha256, tusUrl, multipartUrl }
    },
    async replaceKey(input) {
      const query = `mutation Replace($input: ReplaceUploadKeyInput!) {
        outcome: replaceUploadKey(input: $input) {
          ${REFUSAL} upload { byteSize reservedBytes mimeType sha256 tusUrl multipartUrl }
        }
      }`
      const answer = await ask(query, input, replaceAnswer)
      if (answer === null) return silent()
      return answer.outcome.refusal ?? ('upload' in answer.outcome ? answer.outcome.upload : silent())
    },
    async close(input) {
      const query = `mutation Close($input: CloseUploadInput!) {
        outcome: closeUpload(input: $input) { ${REFUSAL} }
      }`
      const answer = await ask(query, input, closeAnswer)
      return answer === null ? silent() : answer.outcome.refusal
    },
  }
}

// If storage does not answer, the user gets a typed result and not an error (docs/method.md, A2).
const silent = (): UploadRefusal => ({
  code: 'STORAGE_UNAVAILABLE',
  message: 'The storage server does not answer. Try again in a moment.',
  retryAfterSeconds: 10,
})
