import { createGrowingRecording, type GrowingRecording } from '../recorder/growing-recording.ts'
import type { RecordingBegun, RecordingDone } from '../recorder/recorder.ts'
import type { RecordingStore } from '../recorder/recording-store.ts'
import { type RecordingKind, recordingName } from '../recorder/recording-type.ts'
import { createBrowserUploads } from '../uploads/browser-uploads.ts'
import type { UploadFailure } from '../uploads/upload-failure.ts'
import type { Upload, Uploads } from '../uploads/uploads.ts'
import { forgetKept, type Kept, openKept } from './kept-recordings.ts'
import { pageUploadApi } from './page-upload-api.ts'
import type { RecorderUploads } from './recorder-uploads.ts'

/** What happens to the upload of a recording, for the page: the name of the event, and its detail. */
export type UploadNews =
  | {
      name: 'moblog-upload-progress'
      /** `totalBytes` is null as long as the recording goes on. */
      detail: { recordingId: string; state: Upload['state']; sentBytes: number; totalBytes: number | null }
    }
  | { name: 'moblog-uploaded'; detail: { recordingId: string; mediaId: string } }
  | {
      name: 'moblog-upload-failed'
      detail: { recordingId: string; failure: UploadFailure; blob: Blob | null }
    }

/** Uploads the recordings of an embedded recorder, and keeps them until they are stored or discarded. */
export type RecordingUploads = {
  /** Where recordings are kept; null if they are not. */
  readonly store: RecordingStore | null
  /** Takes over the owner, and what the page has changed about its functions. */
  update(owner: string | null): void
  of(recordingId: string): Upload | null
  begin(recording: RecordingBegun): void
  end(recording: RecordingDone): void
  /** The user has confirmed a recording, and can no longer discard it. */
  confirm(recordingId: string): void
  discard(recordingId: string): Promise<void>
  /** Uploads again after a failure. Returns whether there is such a recording. */
  retry(recordingId: string): boolean
  /** Forgets everything that is kept for the owner. */
  forgetAll(): Promise<void>
}

/** A recording of this page. */
type Made = { kind: RecordingKind; bytes: GrowingRecording; isOver: boolean; isConfirmed: boolean }

/** What the page knows about an upload, so that it is told once. */
type Told = Pick<Upload, 'state' | 'sentBytes' | 'totalBytes'>

/**
 * @param page how the page uploads; null if it does not
 * @param onChange called when an upload has changed
 */
export function createRecordingUploads(
  page: () => RecorderUploads | null,
  tell: (news: UploadNews) => void,
  onChange: () => void,
): RecordingUploads {
  const made = new Map<string, Made>()
  const told = new Map<string, Told>()
  let owner: string | null = null
  let kept: Kept | null = null
  let opened: Uploads | null = null
  /** The opened uploads, as soon as they know what they have kept. */
  let uploads: Uploads | null = null

  const of = (recordingId: string) =>
    uploads?.list.find((upload) => upload.recordingId === recordingId) ?? null

  function open(nextOwner: string | null): void {
    opened?.stop()
    opened = null
    uploads = null
    told.clear()
    owner = nextOwner
    kept = nextOwner === null ? null : openKept(nextOwner)
  }

  function openUploads(): void {
    const mine = kept
    const created = createBrowserUploads(
      pageUploadApi(page),
      async (id) => made.get(id)?.bytes ?? (await mine?.recordings.open(id)) ?? null,
      mine?.uploads ?? null,
    )
    opened = created
    const begin = () => {
      if (created !== opened) return
      uploads = created
      created.addEventListener('change', () => {
        if (created !== uploads) return
        for (const upload of created.list) tellAbout(upload)
        onChange()
      })
      // Continues what was unfinished when the page was closed.
      if (mine) void created.start(mine.owner)
      sendAll()
    }
    if (mine) void mine.whenLoaded.then(begin)
    else begin()
  }

  function sendAll(): void {
    for (const recordingId of made.keys()) if (!of(recordingId)) send(recordingId)
  }

  /** Uploads a recording, or continues to. */
  function send(recordingId: string): void {
    const recording = made.get(recordingId)
    if (!uploads || !recording || !page()) return
    const known = of(recordingId)
    if (known) {
      uploads.resume(known.id)
      return
    }
    const { kind, bytes } = recording
    const name = recordingName(kind, bytes.type, new Date())
    try {
      uploads.addRecording({ recordingId, name, mimeType: bytes.type, source: bytes })
    } catch (error) {
      const failure: UploadFailure = { kind: 'OTHER', message: String(error) }
      tell({ name: 'moblog-upload-failed', detail: { recordingId, failure, blob: bytes.blob() } })
    }
  }

  function tellAbout(upload: Upload): void {
    const { id, recordingId, state, sentBytes, totalBytes, failure, mediaId } = upload
    if (recordingId === null || state === 'CANCELLED') return
    // The user has not decided yet whether to keep a recording that a crash has interrupted.
    if (kept?.undecided.has(recordingId)) return
    const before = told.get(id)
    if (before?.state === state && before.sentBytes === sentBytes && before.totalBytes === totalBytes) return
    const recording = made.get(recordingId)
    // A failed upload is requested again when the recording is over: with its size, it takes less of the user's quota.
    if ((state === 'FAILED' || state === 'STORED') && recording?.isOver === false) return
    told.set(id, { state, sentBytes, totalBytes })
    if (state === 'STORED' && mediaId !== null) {
      if (before?.state === 'STORED') return
      void kept?.recordings.forget(recordingId).catch(() => {})
      tell({ name: 'moblog-uploaded', detail: { recordingId, mediaId } })
      if (recording?.isConfirmed !== false) forgetUpload(upload)
    } else if (state === 'FAILED' && failure) {
      if (before?.state !== 'FAILED') void tellFailure(upload, recordingId, failure)
    } else tell({ name: 'moblog-upload-progress', detail: { recordingId, state, sentBytes, totalBytes } })
  }

  async function tellFailure(upload: Upload, recordingId: string, failure: UploadFailure): Promise<void> {
    const bytes = made.get(recordingId)?.bytes ?? (await kept?.recordings.open(recordingId).catch(() => null))
    tell({ name: 'moblog-upload-failed', detail: { recordingId, failure, blob: bytes?.blob() ?? null } })
    // There is nothing left to try again with.
    if (failure.kind === 'FILE_MISSING') forgetUpload(upload)
  }

  function forgetUpload({ id, recordingId }: Upload): void {
    told.delete(id)
    if (recordingId !== null) made.delete(recordingId)
    uploads?.dismiss(id)
  }

  return {
    get store() {
      return kept?.recordings ?? null
    },
    update(nextOwner) {
      if (nextOwner !== owner) open(nextOwner)
      if (!page()) return
      if (opened) sendAll()
      else openUploads()
    },
    of,
    begin({ recordingId, kind, bytes }) {
      made.set(recordingId, { kind, bytes, isOver: false, isConfirmed: false })
      send(recordingId)
    },
    end({ recordingId, kind, blob, seconds, why }) {
      kept?.undecided.delete(recordingId)
      const bytes = made.get(recordingId)?.bytes ?? wholeRecording(blob)
      made.set(recordingId, { kind, bytes, isOver: true, isConfirmed: false })
      if (kept && (why === 'TRIMMED' || why === 'FOUND')) {
        const recording = { id: recordingId, kind, mimeType: blob.type, startedAt: Date.now(), seconds }
        void keepWhole(kept.recordings, recording, why === 'TRIMMED' ? blob : null).catch(() => {})
      }
      send(recordingId)
      const upload = of(recordingId)
      if (upload) tellAbout(upload)
    },
    confirm(recordingId) {
      const recording = made.get(recordingId)
      if (recording) recording.isConfirmed = true
      const upload = of(recordingId)
      if (upload?.state === 'STORED') forgetUpload(upload)
      // Without uploads, the page has the recording now.
      if (page()) return
      made.delete(recordingId)
      void kept?.recordings.forget(recordingId).catch(() => {})
    },
    async discard(recordingId) {
      const upload = of(recordingId)
      made.delete(recordingId)
      kept?.undecided.delete(recordingId)
      await kept?.recordings.forget(recordingId).catch(() => {})
      if (!upload) return
      told.delete(upload.id)
      await uploads?.cancel(upload.id)
    },
    retry(recordingId) {
      const upload = of(recordingId)
      if (upload?.state === 'FAILED') uploads?.resume(upload.id)
      else if (!upload && made.get(recordingId)?.isOver) send(recordingId)
      return of(recordingId) !== null
    },
    async forgetAll() {
      const former = owner
      made.clear()
      open(owner)
      if (former !== null) await forgetKept(former)
    },
  }
}

/** Keeps a finished recording, and its bytes if they are not kept yet. */
async function keepWhole(
  store: RecordingStore,
  recording: Omit<Parameters<RecordingStore['keep']>[0], 'isFinished'>,
  blob: Blob | null,
): Promise<void> {
  await store.keep({ ...recording, isFinished: true })
  if (blob) await store.keepChunk(recording.id, 0, blob)
}

/** The bytes of a recording that is over. */
function wholeRecording(blob: Blob): GrowingRecording {
  const bytes = createGrowingRecording(blob.type)
  bytes.add(blob)
  bytes.end()
  return bytes
}
