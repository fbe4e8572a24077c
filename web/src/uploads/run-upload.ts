import { backoff } from './backoff.ts'
import { type ByteSource, canBeRead } from './byte-source.ts'
import type { SendBytes } from './send-bytes.ts'
import type { Grant, UploadApi } from './upload-api.ts'
import { type FailedResult, failureOf, UploadFailed, waitFor } from './upload-failure.ts'
import type { UploadRecord } from './upload-record.ts'

/** What an upload needs while it runs. */
export type RunDeps = {
  api: UploadApi
  sendBytes: SendBytes
  /** The bytes of an upload; null if this device has no copy of them that can be read. */
  openSource(record: UploadRecord): Promise<ByteSource | null>
  /** The SHA-256 of a file in hexadecimal digits; null if it is too large to be worth it. */
  digest(record: UploadRecord): Promise<string | null>
  isOnline(): boolean
  /** Resolves when the time is over, when the connection is back, or when a notification about an upload has arrived. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  random(): number
}

type Change = (changes: Partial<UploadRecord>) => void

/** How often an upload that has expired or whose bytes do not fit is begun again by itself. */
const MOST_RESTARTS = 2
/** How many keys in a row the server may refuse, for example because they belong to another upload. */
const MOST_REFUSED_KEYS = 5
const AT_ONCE_MS = 200

/**
 * Carries an upload from the handshake to the stored media (docs/method.md, A1 to A3). It may be stopped and called
 * again at any point: what has been done is in the record and at the server.
 *
 * @param change keeps changes of the record
 */
export async function runUpload(
  deps: RunDeps,
  record: () => UploadRecord,
  change: Change,
  signal: AbortSignal,
): Promise<void> {
  try {
    let unreadable = 0
    for (let restarts = 0; ; ) {
      const source = await deps.openSource(record())
      // A copy may be damaged where nobody has looked yet.
      if (!source || unreadable > MOST_RESTARTS) throw new UploadFailed({ kind: 'FILE_MISSING' })
      if (source.size !== null && record().size === null) change({ size: source.size })
      const outcome = await sendAll(deps, record, change, source, signal).catch((error: unknown) => {
        if (error instanceof UnreadableFile) return 'UNREADABLE'
        throw error
      })
      if (outcome === 'STORED') return
      if (outcome === 'UNREADABLE') {
        unreadable += 1
        continue
      }
      if (restarts >= MOST_RESTARTS) throw new UploadFailed({ kind: 'EXPIRED' })
      restarts += 1
      change({ uploadId: null, sentBytes: 0 })
    }
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof UploadFailed) change({ state: 'FAILED', failure: error.failure })
    else change({ state: 'FAILED', failure: { kind: 'OTHER', message: String(error) } })
  }
}

/** The bytes cannot be read, which no connection will change. */
class UnreadableFile extends Error {}

/** Sends all bytes of one upload at the server. `GONE` if the server no longer has it. */
async function sendAll(
  deps: RunDeps,
  record: () => UploadRecord,
  change: Change,
  source: ByteSource,
  signal: AbortSignal,
): Promise<'STORED' | 'GONE'> {
  let grant: Grant | null = null
  let fruitless = 0
  let furthest = -1
  let refusedKeys = 0
  for (;;) {
    signal.throwIfAborted()
    grant ??= await obtainGrant(deps, record, change, source, signal)
    if (grant === null) return 'GONE'
    if (grant.mediaId !== null) {
      change({ state: 'STORED', mediaId: grant.mediaId, sentBytes: record().size ?? record().sentBytes })
      return 'STORED'
    }
    change({ state: 'SENDING', failure: null })
    let arrived = -1
    const onProgress = (sentBytes: number) => {
      if (arrived < 0) arrived = sentBytes
      change({ sentBytes })
    }
    const end = await deps.sendBytes(grant, source, onProgress, signal)
    // What was sent may not have arrived: only what the server has when the next attempt begins is progress.
    if (arrived > furthest) {
      fruitless = 0
      furthest = arrived
    }
    refusedKeys = end.kind === 'KEY_REFUSED' && arrived < 0 ? refusedKeys + 1 : 0
    switch (end.kind) {
      case 'COMPLETE': {
        const outcome = await awaitVerification(deps, record, change, signal)
        if (outcome !== 'UNFINISHED') return outcome
        break
      }
      case 'GONE':
        return 'GONE'
      case 'TAKES_NO_MORE': {
        const outcome = await awaitVerification(deps, record, change, signal)
        if (outcome !== 'UNFINISHED') return outcome
        break
      }
      case 'KEY_REFUSED':
        if (refusedKeys === MOST_REFUSED_KEYS)
          throw new UploadFailed({ kind: 'OTHER', message: 'The server refuses every upload key.' })
        grant = null
        break
      case 'TOO_LARGE':
        throw new UploadFailed({ kind: 'TOO_LARGE', maxBytes: null })
      case 'REFUSED':
        throw new UploadFailed({ kind: 'OTHER', message: end.message })
      case 'INTERRUPTED': {
        // A recording that goes on has its bytes in memory.
        const isThere = source.size === null || canBeRead(source, Math.max(arrived, 0))
        if (!(await unlessAborted(Promise.resolve(isThere), signal))) throw new UnreadableFile()
        break
      }
    }
    fruitless += 1
    const seconds = end.kind === 'INTERRUPTED' ? end.retryAfterSeconds : null
    // After progress, a broken connection is tried again almost at once.
    if (fruitless > 1 || !deps.isOnline() || seconds !== null) {
      change({ state: 'OFFLINE' })
      await deps.pause(seconds === null ? backoff(fruitless, deps.random()) : seconds * 1000, signal)
    } else await deps.pause(AT_ONCE_MS, signal)
  }
}

/** Requests the upload, or a new key for it. Null if the server no longer has the upload. */
async function obtainGrant(
  deps: RunDeps,
  record: () => UploadRecord,
  change: Change,
  source: ByteSource,
  signal: AbortSignal,
): Promise<Grant | null> {
  const { uploadId } = record()
  const readDigest = () =>
    uploadId !== null || source.size === null ? null : digestOrNone(deps, record(), source, signal)
  let sha256 = await readDigest()
  const ask = async (): Promise<Grant | FailedResult> => {
    if (uploadId !== null) return deps.api.renewUploadKey(uploadId)
    const { name, mimeType, title } = record()
    const recordedLive = source.size === null
    return deps.api.requestUpload({
      fileName: name,
      mimeType,
      title,
      byteSize: source.size,
      sha256,
      recordedLive,
    })
  }
  let result = await asked(deps, change, ask, signal)
  if ('code' in result && result.code === 'QUOTA_EXCEEDED' && source.size === null) {
    // As long as a recording goes on, the largest allowed size is reserved. Its own size may fit.
    await unlessAborted(source.whenWhole(), signal)
    change({ size: source.size })
    sha256 = await readDigest()
    result = await asked(deps, change, ask, signal)
  }
  if (!('code' in result)) {
    const isStoredBefore = uploadId === null && result.mediaId !== null
    change({ uploadId: result.uploadId, failure: null, ...(isStoredBefore && { isStoredBefore }) })
    return result
  }
  // The upload has ended: it may be complete, which its state tells.
  if (uploadId !== null && ['CONFLICT', 'EXPIRED', 'NOT_FOUND'].includes(result.code)) {
    const outcome = await awaitVerification(deps, record, change, signal)
    if (outcome === 'STORED')
      return { uploadId, key: '', keyExpiresAt: '', tusUrl: '', mediaId: record().mediaId }
    return null
  }
  throw new UploadFailed(failureOf(result))
}

/** The digest of a file. A file that can be read is sent without one if there is, for example, too little memory for it. */
async function digestOrNone(
  deps: RunDeps,
  record: UploadRecord,
  source: ByteSource,
  signal: AbortSignal,
): Promise<string | null> {
  const digest = await deps.digest(record).catch(async () => {
    if (await canBeRead(source, 0)) return null
    throw new UnreadableFile()
  })
  signal.throwIfAborted()
  return digest
}

/** Asks until there is an answer. Failures that pass by themselves are shown meanwhile. */
async function asked<Result>(
  deps: RunDeps,
  change: Change,
  ask: () => Promise<Result | FailedResult>,
  signal: AbortSignal,
): Promise<Result | FailedResult> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    let waitMs: number
    try {
      const result = await ask()
      const failure = isFailed(result) ? failureOf(result) : null
      const seconds = failure ? waitFor(failure) : null
      if (seconds === null) return result
      change({ state: 'WAITING', failure })
      waitMs = seconds * 1000
    } catch (error) {
      if (error instanceof UploadFailed || signal.aborted) throw error
      change({ state: 'OFFLINE' })
      waitMs = backoff(attempt, deps.random())
    }
    await deps.pause(waitMs, signal)
  }
}

/** Waits for a promise, which may never settle, until the upload is stopped. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

function isFailed(result: unknown): result is FailedResult {
  return typeof result === 'object' && result !== null && 'code' in result
}

/** Waits until the server has verified the file (docs/method.md, A3). */
async function awaitVerification(
  deps: RunDeps,
  record: () => UploadRecord,
  change: Change,
  signal: AbortSignal,
): Promise<'STORED' | 'GONE' | 'UNFINISHED'> {
  const { uploadId } = record()
  if (uploadId === null) return 'GONE'
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    const upload = await deps.api.uploadSession(uploadId).catch((error: unknown) => {
      if (error instanceof UploadFailed) throw error
      return 'UNKNOWN' as const
    })
    if (upload === null) return 'GONE'
    if (upload !== 'UNKNOWN') {
      if (upload.state === 'COMPLETED' && upload.mediaId !== null) {
        change({ state: 'STORED', mediaId: upload.mediaId, sentBytes: upload.receivedBytes })
        return 'STORED'
      }
      if (upload.state === 'REJECTED')
        throw new UploadFailed(upload.failure ? failureOf(upload.failure) : { kind: 'DAMAGED' })
      if (upload.state === 'EXPIRED' || upload.state === 'CANCELLED') return 'GONE'
      if (upload.state === 'REQUESTED' || upload.state === 'UPLOADING') return 'UNFINISHED'
      change({ state: 'VERIFYING' })
    }
    await deps.pause(backoff(Math.min(attempt, 5), deps.random()), signal)
  }
}
