import { askToPersist } from '../data/ask-to-persist.ts'
import { onSessionChange, pageUserId } from '../data/session-store.ts'
import { appRecordings } from './app-recordings.ts'
import { createBrowserUploads } from './browser-uploads.ts'
import { graphqlUploadApi } from './graphql-api.ts'
import type { UploadRecord } from './upload-record.ts'
import { createUploadStore } from './upload-store.ts'
import type { Uploads } from './uploads.ts'

/** Ends an upload that the user does not want any more, and forgets the recording that it was for. */
export function discardUpload(id: string): void {
  const recordingId = appUploads().get(id)?.recordingId
  if (recordingId)
    void appRecordings()
      ?.forget(recordingId)
      .catch(() => {})
  void appUploads().cancel(id)
}

let manager: Uploads | null = null

/** The uploads of the signed-in user. The first call continues those that were unfinished when the app was closed. */
export function appUploads(): Uploads {
  if (manager) return manager
  const store = createUploadStore()
  const put = async (record: UploadRecord) => {
    const isKept = await store.put(record)
    askToPersist()
    return isKept
  }
  const created = createBrowserUploads(
    graphqlUploadApi,
    async (id) => (await appRecordings()?.open(id)) ?? null,
    { ...store, put },
  )
  const follow = () => {
    const userId = pageUserId()
    if (userId !== null) void created.start(userId)
    else created.stop()
  }
  // The recorder keeps what it has recorded until it is stored at the server.
  created.addEventListener('change', () => {
    for (const { state, recordingId } of created.list) {
      if (state === 'STORED' && recordingId !== null)
        void appRecordings()
          ?.forget(recordingId)
          .catch(() => {})
    }
  })
  document.addEventListener('moblog-notification', (event) => {
    const kind = event instanceof CustomEvent ? event.detail?.__typename : null
    if (kind === 'MediaStored' || kind === 'MediaRejected') created.nudge()
  })
  follow()
  onSessionChange(follow)
  manager = created
  return created
}
