import type { DetailedError, Upload } from 'tus-js-client'
import type { ByteSource } from './byte-source.ts'

/** Where the bytes go. */
export type Target = { tusUrl: string; key: string }

/** How an attempt to send bytes ended. */
export type SendEnd =
  | { kind: 'COMPLETE' }
  /** The key has expired or was replaced. */
  | { kind: 'KEY_REFUSED' }
  /** The upload has expired or was cancelled. */
  | { kind: 'GONE' }
  /** The upload takes no more bytes: it is complete, or has ended. */
  | { kind: 'TAKES_NO_MORE' }
  | { kind: 'TOO_LARGE' }
  /** The connection broke, the server is busy, or something else has answered. */
  | { kind: 'INTERRUPTED'; retryAfterSeconds: number | null }
  | { kind: 'REFUSED'; message: string }

/**
 * Sends bytes until they have all arrived, or until something is in the way. The first progress is what the server has
 * before anything is sent.
 */
export type SendBytes = (
  target: Target,
  source: ByteSource,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
) => Promise<SendEnd>

/** A request without progress for this time is given up. Half of all stalls on phones end no other way. */
const STALLED_MS = 20_000
/** A recording that goes on is sent in parts of at most this size. */
const LIVE_CHUNK = 1024 * 1024

/** The first and the smallest size of parts if something in between refuses large requests. */
const FIRST_PART = 8 * 1024 * 1024
const SMALLEST_PART = 256 * 1024

/** The size of the parts in which files are sent. Proxies that take no more do not say how much they take. */
let partSize = Number.POSITIVE_INFINITY

/** Sends with tus. It asks the server first how many bytes have arrived, so it may be called again at any time. */
export const sendBytes: SendBytes = async ({ tusUrl, key }, source, onProgress, signal) => {
  const tus = await import('tus-js-client')
  return new Promise<SendEnd>((resolve, reject) => {
    const { isOpenEnded } = source
    let watch: ReturnType<typeof setTimeout> | undefined
    let upload: Upload | null = null
    const settle = (finish: () => void) => {
      clearTimeout(watch)
      signal.removeEventListener('abort', leave)
      finish()
    }
    const leave = () => {
      void upload?.abort().catch(() => {})
      settle(() => reject(signal.reason))
    }
    const stalled = () => {
      void upload?.abort().catch(() => {})
      settle(() => resolve({ kind: 'INTERRUPTED', retryAfterSeconds: null }))
    }
    const moves = () => {
      clearTimeout(watch)
      watch = setTimeout(stalled, STALLED_MS)
    }
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    upload = new tus.Upload(new Blob([]), {
      uploadUrl: tusUrl,
      headers: { Authorization: `Bearer ${key}` },
      // The manager decides when to try again, because it also renews keys.
      retryDelays: null,
      storeFingerprintForResuming: false,
      uploadLengthDeferred: isOpenEnded,
      chunkSize: isOpenEnded ? Math.min(LIVE_CHUNK, partSize) : partSize,
      fileReader: {
        openFile: async () => ({
          // tus-js-client asks for the size only if the length is not deferred.
          size: source.size ?? 0,
          async slice(start: number, end: number) {
            // A recording that pauses is no stalled connection.
            clearTimeout(watch)
            const part = await source.slice(start, end)
            moves()
            return part
          },
          close() {},
        }),
      },
      onAfterResponse(request, response) {
        const offset = Number(response.getHeader('Upload-Offset') ?? Number.NaN)
        if (request.getMethod() === 'HEAD' && Number.isInteger(offset)) onProgress(offset)
      },
      onProgress(sent) {
        moves()
        onProgress(sent)
      },
      onSuccess: () => settle(() => resolve({ kind: 'COMPLETE' })),
      onError: (error) => settle(() => resolve(endOf(error))),
    })
    moves()
    upload.start()
  })
}

function endOf(error: Error | DetailedError): SendEnd {
  const response = 'originalResponse' in error ? error.originalResponse : null
  const end = readAnswer(
    response?.getStatus() ?? 0,
    (name) => response?.getHeader(name) ?? null,
    error.message,
  )
  if (response?.getStatus() === 413 && end.kind === 'INTERRUPTED')
    partSize = Math.max(SMALLEST_PART, Math.min(FIRST_PART, partSize / 2))
  return end
}

/**
 * Reads why a request failed from its answer. Only the answers of the upload server have the header `Tus-Resumable`. Any
 * other one is from something in between, such as a proxy or the sign-in page of a network, and says nothing about the
 * upload.
 *
 * @param status 0 if there was no answer
 */
export function readAnswer(
  status: number,
  header: (name: string) => string | null | undefined,
  message: string,
): SendEnd {
  if (!header('Tus-Resumable') || status === 423 || status === 429 || status === 460 || status >= 500) {
    const seconds = Number(header('Retry-After') ?? Number.NaN)
    return { kind: 'INTERRUPTED', retryAfterSeconds: Number.isFinite(seconds) ? seconds : null }
  }
  if (status === 401 || status === 403) return { kind: 'KEY_REFUSED' }
  if (status === 404 || status === 410) return { kind: 'GONE' }
  // 409 also means that another request was faster: the offset is asked for again, or the state of the upload.
  if (status === 409) return { kind: 'TAKES_NO_MORE' }
  if (status === 413) return { kind: 'TOO_LARGE' }
  return { kind: 'REFUSED', message }
}
