import { createRecordingStore, forgetRecordingsOf, type RecordingStore } from '../recorder/recording-store.ts'
import { createUploadStore, forgetUploadsOf, type UploadStore } from '../uploads/upload-store.ts'

// Other than those of the client, which may be served at the same origin.
const RECORDINGS = 'moblog-page-recordings'
const UPLOADS = 'moblog-page-uploads'

/** What an embedded recorder keeps on this device for an owner. */
export type Kept = {
  owner: string
  recordings: RecordingStore
  uploads: UploadStore
  /** The recordings that are offered to the user, who has not decided yet whether to keep them. Filled by `whenLoaded`. */
  undecided: Set<string>
  whenLoaded: Promise<void>
}

/** Opens what is kept for an owner. */
export function openKept(owner: string): Kept {
  const store = createRecordingStore(RECORDINGS, owner)
  const uploads = createUploadStore(UPLOADS)
  // A finished recording without an upload has no other way to the page: it is offered like one that was interrupted.
  const interrupted = async () => {
    const sent = new Set((await uploads.all()).map(({ recordingId }) => recordingId))
    return (await store.ended()).filter(({ id, isFinished }) => !isFinished || !sent.has(id))
  }
  const undecided = new Set<string>()
  // A browser may forbid to keep anything. The recorder works without.
  const whenLoaded = interrupted().then(
    (found) => {
      for (const { id } of found) undecided.add(id)
    },
    () => {},
  )
  return { owner, recordings: { ...store, interrupted }, uploads, undecided, whenLoaded }
}

/** Forgets what is kept for an owner. */
export async function forgetKept(owner: string): Promise<void> {
  await Promise.all([forgetRecordingsOf(RECORDINGS, owner), forgetUploadsOf(owner, UPLOADS)])
}
