import { backoff } from './backoff.ts'
import type { RunDeps } from './run-upload.ts'
import type { FailedResult } from './upload-failure.ts'
import { UploadFailed } from './upload-failure.ts'
import type { UploadRecord } from './upload-record.ts'

/** What the server may have of a withdrawn upload. */
export type Withdrawn = Pick<UploadRecord, 'uploadId' | 'mediaId' | 'isStoredBefore'>

/**
 * Ends an upload at the server, until the server confirms that nothing of it is stored, or says that there is no such
 * upload. An upload whose bytes have all arrived can no longer be cancelled: its media is deleted as soon as it is stored.
 *
 * @returns whether the server has confirmed it. Otherwise it is to be repeated when the user is signed in again
 */
export async function withdrawUpload(
  deps: Pick<RunDeps, 'api' | 'pause' | 'random'>,
  withdrawn: Withdrawn,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      if (await isWithdrawn(deps.api, withdrawn)) return true
    } catch (error) {
      if (error instanceof UploadFailed) return false
    }
    await deps.pause(backoff(attempt, deps.random()), signal).catch(() => {})
  }
  return false
}

/** Asks the server once. */
async function isWithdrawn(
  api: RunDeps['api'],
  { uploadId, mediaId, isStoredBefore }: Withdrawn,
): Promise<boolean> {
  // The media belongs to something else as well.
  if (isStoredBefore) return true
  if (mediaId !== null) return isDone(await api.deleteMedia(mediaId))
  if (uploadId === null) return true
  const failure = await api.cancelUpload(uploadId)
  if (failure?.code !== 'CONFLICT') return isDone(failure)
  const upload = await api.uploadSession(uploadId)
  if (upload?.state === 'COMPLETED' && upload.mediaId !== null)
    return isDone(await api.deleteMedia(upload.mediaId))
  // A completed upload without media is one whose media is deleted.
  return upload === null || ['COMPLETED', 'REJECTED', 'EXPIRED', 'CANCELLED'].includes(upload.state)
}

function isDone(failure: FailedResult | null): boolean {
  if (failure?.code === 'NOT_ALLOWED') throw new UploadFailed({ kind: 'SIGNED_OUT' })
  return failure === null || failure.code === 'NOT_FOUND'
}
