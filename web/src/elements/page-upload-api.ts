import { type Grant, type ServerUpload, SignedOut, type UploadApi } from '../uploads/upload-api.ts'
import { type FailedResult, UploadFailed } from '../uploads/upload-failure.ts'
import type { RecorderUploads } from './recorder-uploads.ts'

/** How many calls in a row may reject while there is a connection. With the pauses between them, they take half a minute. */
const MOST_REJECTIONS = 6
/** An answer that takes longer counts as none. */
const LONGEST_MS = 30_000

const STATES = [
  'REQUESTED',
  'UPLOADING',
  'VERIFYING',
  'COMPLETED',
  'REJECTED',
  'EXPIRED',
  'CANCELLED',
] as const

/**
 * Asks the functions of a page what the upload manager asks the API. Other people write these functions: what they return
 * is checked, and the upload fails if they reject again and again, or reject with the code `UNAUTHENTICATED`.
 */
export function pageUploadApi(uploads: () => RecorderUploads | null): UploadApi {
  let rejections = 0
  const call = async <Result>(ask: (uploads: RecorderUploads) => Promise<Result>): Promise<unknown> => {
    try {
      const page = uploads()
      if (!page) throw new Error('The page has no uploads.')
      const result = await inTime(ask(page))
      rejections = 0
      return result
    } catch (error) {
      if (fieldOf(error, 'code') === 'UNAUTHENTICATED') throw new SignedOut()
      if (navigator.onLine) rejections += 1
      if (rejections < MOST_REJECTIONS) throw error
      rejections = 0
      throw new UploadFailed({
        kind: 'NO_ANSWER',
        message: error instanceof Error ? error.message : `${error}`,
      })
    }
  }
  return {
    async requestUpload(file) {
      const result = await call((page) => page.requestUpload(file))
      return readFailure(result) ?? readGrant('requestUpload', result, null)
    },
    async renewUploadKey(uploadId) {
      const result = await call((page) => page.renewUploadKey(uploadId))
      return readFailure(result) ?? readGrant('renewUploadKey', result, uploadId)
    },
    async uploadSession(uploadId) {
      return readSession(await call((page) => page.uploadSession(uploadId)))
    },
    // A page without these functions leaves it to the API to end the upload.
    async cancelUpload(uploadId) {
      return readRefusal(
        await call(async (page) => page.cancelUpload?.(uploadId)),
        'CancelUploadPayload',
        'CONFLICT',
      )
    },
    async deleteMedia(mediaId) {
      return readRefusal(
        await call(async (page) => page.deleteMedia?.(mediaId)),
        'DeleteMediaPayload',
        'NOT_FOUND',
      )
    },
  }
}

async function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LONGEST_MS / 1000} seconds`)), LONGEST_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function readFailure(result: unknown): FailedResult | null {
  const [code, message] = [fieldOf(result, 'code'), fieldOf(result, 'message')]
  if (typeof code !== 'string') return null
  const facts = result as Partial<FailedResult>
  return {
    __typename: 'RequestFailed',
    ...facts,
    code,
    message: typeof message === 'string' ? message : code,
  }
}

/** The failure of a mutation, also if the page has asked for no more of it than its type. */
function readRefusal(result: unknown, payload: string, likely: string): FailedResult | null {
  const type = fieldOf(result, '__typename')
  const failure = readFailure(result)
  if (failure || type === undefined || type === payload) return failure
  return { __typename: 'RequestFailed', code: likely, message: String(type) }
}

function readGrant(name: string, result: unknown, knownId: string | null): Grant {
  const session = fieldOf(result, 'uploadSession')
  const uploadId = knownId ?? fieldOf(session, 'id')
  const mediaId = fieldOf(fieldOf(session, 'media'), 'id')
  const [key, tusUrl] = [fieldOf(result, 'key'), fieldOf(result, 'tusUrl')]
  if (typeof uploadId !== 'string') throw unusable(name, 'an id of the upload session')
  if (typeof mediaId === 'string') return { uploadId, key: '', keyExpiresAt: '', tusUrl: '', mediaId }
  if (typeof key !== 'string' || key === '') throw unusable(name, 'a key')
  if (typeof tusUrl !== 'string' || !/^https?:/.test(tusUrl) || !URL.canParse(tusUrl))
    throw unusable(name, 'an address in tusUrl')
  return { uploadId, key, keyExpiresAt: '', tusUrl, mediaId: null }
}

function readSession(result: unknown): ServerUpload | null {
  if (result === null) return null
  const state = STATES.find((each) => each === fieldOf(result, 'state'))
  if (!state) throw unusable('uploadSession', 'a state')
  const [mediaId, received] = [fieldOf(fieldOf(result, 'media'), 'id'), fieldOf(result, 'receivedBytes')]
  if (state === 'COMPLETED' && typeof mediaId !== 'string')
    throw unusable('uploadSession', 'the media of the completed upload')
  return {
    state,
    receivedBytes: Number(received ?? 0),
    mediaId: typeof mediaId === 'string' ? mediaId : null,
    failure: readFailure(fieldOf(result, 'failure')),
  }
}

function unusable(name: string, what: string): UploadFailed {
  return new UploadFailed({ kind: 'INVALID', message: `uploads.${name} returned an answer without ${what}.` })
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
