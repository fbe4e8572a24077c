import { digestOf } from './digest.ts'
import { sendBytes } from './send-bytes.ts'
import type { UploadApi } from './upload-api.ts'
import { createUploadStore } from './upload-store.ts'
import { createUploads, type Uploads, type UploadsDeps } from './uploads.ts'

/** Creates the upload manager of a browser window. */
export function createBrowserUploads(api: UploadApi, openRecording: UploadsDeps['openRecording']): Uploads {
  const uploads = createUploads({
    api,
    sendBytes,
    openRecording,
    store: createUploadStore(),
    digest: async ({ file }) => (file ? digestOf(file) : null),
    isOnline: () => navigator.onLine,
    alone: aloneInBrowser,
    random: Math.random,
    now: Date.now,
    newId: () => crypto.randomUUID(),
  })
  // A connection that is back, or a window that is looked at again, ends all pauses.
  addEventListener('online', () => uploads.nudge())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') uploads.nudge()
  })
  return uploads
}

/** Waits until no other window of the browser runs the same upload, and takes it over from one that is closed. */
async function aloneInBrowser(
  id: string,
  work: (hasWaited: boolean) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  // Pages without a secure address have no locks.
  if (!navigator.locks) return work(false)
  const name = `moblog-upload-${id}`
  const isDone = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work(false)
    return lock !== null
  })
  if (!isDone) await navigator.locks.request(name, { signal }, () => work(true))
}
