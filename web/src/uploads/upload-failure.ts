/** Why an upload failed: the facts of the API's failures, without their text. They are explained when they are shown. */
export type UploadFailure =
  | { kind: 'INVALID'; message: string }
  | { kind: 'STORAGE_UNAVAILABLE'; retryAfterSeconds: number | null }
  | { kind: 'QUOTA_EXCEEDED'; quotaBytes: number; usedBytes: number; reservedBytes: number }
  | { kind: 'TOO_LARGE'; maxBytes: number | null }
  | { kind: 'UNSUPPORTED_MEDIA'; mimeTypes: string[] }
  | { kind: 'RATE_LIMITED'; retryAfterSeconds: number | null }
  | { kind: 'SIGNED_OUT' }
  | { kind: 'DAMAGED' }
  | { kind: 'EXPIRED' }
  | { kind: 'FILE_MISSING' }
  /** The API has not answered several times, although there is a connection. The message is that of the last attempt. */
  | { kind: 'NO_ANSWER'; message: string }
  | { kind: 'OTHER'; message: string }

/** The upload cannot go on: it ends with `FAILED`. */
export class UploadFailed extends Error {
  readonly failure: UploadFailure
  constructor(failure: UploadFailure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** A failed member of a result union of the API, with everything that some of them have, or the failure of a session. */
export type FailedResult = {
  __typename?: string
  code: string
  message: string
  retryAfterSeconds?: number | null
  quotaBytes?: number
  usedBytes?: number
  reservedBytes?: number
  maxBytes?: number
  supportedMimeTypes?: string[]
}

/** Reads a failure of the API. */
export function failureOf(result: FailedResult): UploadFailure {
  const { code, message, retryAfterSeconds = null } = result
  switch (code) {
    case 'INVALID_INPUT':
      return { kind: 'INVALID', message }
    case 'STORAGE_UNAVAILABLE':
      return { kind: 'STORAGE_UNAVAILABLE', retryAfterSeconds }
    case 'QUOTA_EXCEEDED': {
      const { quotaBytes = 0, usedBytes = 0, reservedBytes = 0 } = result
      return { kind: 'QUOTA_EXCEEDED', quotaBytes, usedBytes, reservedBytes }
    }
    case 'TOO_LARGE':
      return { kind: 'TOO_LARGE', maxBytes: result.maxBytes ?? null }
    case 'UNSUPPORTED_MEDIA':
      return { kind: 'UNSUPPORTED_MEDIA', mimeTypes: result.supportedMimeTypes ?? [] }
    case 'RATE_LIMITED':
      return { kind: 'RATE_LIMITED', retryAfterSeconds }
    case 'NOT_ALLOWED':
      return { kind: 'SIGNED_OUT' }
    case 'CHECKSUM_MISMATCH':
      return { kind: 'DAMAGED' }
    case 'EXPIRED':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return { kind: 'EXPIRED' }
    default:
      return { kind: 'OTHER', message }
  }
}

/** How long to wait until it may work by itself, in seconds; null if waiting does not help. */
export function waitFor(failure: UploadFailure): number | null {
  if (failure.kind === 'STORAGE_UNAVAILABLE') return failure.retryAfterSeconds ?? 30
  return failure.kind === 'RATE_LIMITED' ? failure.retryAfterSeconds : null
}
