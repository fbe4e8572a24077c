import { newId } from '../new-id.ts'
import { digestOf } from './digest.ts'
import { sendBytes } from './send-bytes.ts'
import type { UploadApi } from './upload-api.ts'
import type { UploadStore } from './upload-store.ts'
import { createUploads, type Uploads, type UploadsDeps } from './uploads.ts'

/**
 * Creates the upload manager of a browser window.
 *
 * @param store where uploads are kept; null if they end with the page
 */
export function createBrowserUploads(
  api: UploadApi,
  openRecording: UploadsDeps['openRecording'],
  store: UploadStore | null,
): Uploads {
  const windows = store && new BroadcastChannel(WITHDRAWN)
  const uploads = createUploads({
    api,
    sendBytes,
    openRecording,
    store: store ?? NOWHERE,
    digest: async ({ file }) => (file ? digestOf(file) : null),
    isOnline: () => navigator.onLine,
    alone: store ? aloneInBrowser : (_id, work) => work(false),
    random: Math.random,
    now: Date.now,
    newId,
    tellWindows: (id) => windows?.postMessage(id),
  })
  if (windows) followWindows(uploads, windows)
  nudgeWithThePage(uploads)
  return uploads
}

const WITHDRAWN = 'moblog-withdrawn-uploads'

const NOWHERE: UploadStore = {
  all: async () => [],
  get: async () => null,
  put: async () => false,
  remove: async () => {},
}

/** Withdraws uploads with the other windows of the browser, any of which may be sending their bytes. */
function followWindows(uploads: Uploads, windows: BroadcastChannel): void {
  const used = new WeakRef(uploads)
  windows.onmessage = ({ data }) => {
    const still = used.deref()
    if (still) still.withdrawnElsewhere(String(data))
    else windows.close()
  }
}

/** Ends all pauses when the connection is back or the window is looked at again, as long as somebody uses the uploads. */
function nudgeWithThePage(uploads: Uploads): void {
  const used = new WeakRef(uploads)
  const nudge = ({ type }: Event) => {
    const still = used.deref()
    if (!still) {
      removeEventListener('online', nudge)
      document.removeEventListener('visibilitychange', nudge)
    } else if (type === 'online' || document.visibilityState === 'visible') still.nudge()
  }
  addEventListener('online', nudge)
  document.addEventListener('visibilitychange', nudge)
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
