import { newId } from '../new-id.ts'
import { createGrowingRecording, type GrowingRecording } from './growing-recording.ts'
import { keepAwake } from './keep-awake.ts'
import type { RecordingStore, StoredRecording } from './recording-store.ts'
import { type RecordingKind, recordingType } from './recording-type.ts'

/** Why a recording ended. */
export type RecordingEnd = 'CONFIRMED' | 'LIMIT' | 'INTERRUPTED'

/** A recording that goes on. */
export type Recording = {
  readonly id: string
  readonly mimeType: string
  readonly bytes: GrowingRecording
  /** Seconds since it began. */
  elapsed(): number
  stop(): void
  readonly ended: Promise<{ why: RecordingEnd; seconds: number }>
}

/** How often the recorder hands over what it has. A crash loses at most this much. */
const CHUNK_MS = 1_000
/** A microphone that another app takes for a moment, as for the sound of a message, does not end the recording. */
const MUTED_MS = 1_500

/**
 * Records a camera and microphone until the user confirms or the limit is reached (docs/method.md, D2). Each second is
 * kept on this device, so nothing is lost if a permission is revoked, a call comes in, or the browser crashes.
 *
 * @param store where it is kept; null if it is not
 * @throws DOMException if the browser cannot record the stream, for example because the camera was taken away
 */
export function record(
  kind: RecordingKind,
  stream: MediaStream,
  limitSeconds: number,
  store: RecordingStore | null,
): Recording {
  const mimeType = recordingType(kind, (type) => MediaRecorder.isTypeSupported(type))
  const recorder = new MediaRecorder(stream, recorderOptions(mimeType))
  // First, because nothing may be kept or locked if it throws. Its events come later.
  recorder.start(CHUNK_MS)
  const id = newId()
  const startedAt = Date.now()
  const type = mimeType ?? recorder.mimeType
  const bytes = createGrowingRecording(type)
  const over = new AbortController()
  let why: RecordingEnd = 'INTERRUPTED'
  let began = performance.now()
  let chunks = 0
  let last: Promise<unknown> = Promise.resolve()
  const elapsed = () => (performance.now() - began) / 1000
  const stored = (isFinished: boolean): StoredRecording => {
    return { id, kind, mimeType: type, startedAt, seconds: elapsed(), isFinished }
  }
  // Storage may be full or forbidden; the recording goes on without.
  const keep = (work: (store: RecordingStore) => Promise<unknown>) => {
    if (store) last = last.then(() => work(store)).catch(() => {})
  }
  const end = (reason: RecordingEnd) => {
    if (recorder.state === 'inactive') return
    why = reason
    recorder.stop()
  }
  const ended = new Promise<{ why: RecordingEnd; seconds: number }>((resolve) => {
    recorder.addEventListener('stop', () => {
      over.abort()
      clearTimeout(limit)
      const seconds = elapsed()
      bytes.end()
      // There may be nothing: the recorder was stopped before its first byte.
      if (bytes.blob().size === 0) keep((store) => store.forget(id))
      else keep((store) => store.keep({ ...stored(true), seconds }))
      void last.then(() => resolve({ why, seconds }))
    })
  })
  recorder.addEventListener('start', () => {
    began = performance.now()
  })
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size === 0) return
    bytes.add(data)
    const index = chunks
    chunks += 1
    // Only a recording that is known is found again, so the part comes second.
    keep((store) => store.keep(stored(false)))
    keep((store) => store.keepChunk(id, index, data))
  })
  recorder.addEventListener('error', () => end('INTERRUPTED'))
  watchTracks(stream, () => end('INTERRUPTED'), over.signal)
  // A page that is put away may be closed without a word: what is there is handed over at once.
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden' && recorder.state === 'recording') recorder.requestData()
    },
    { signal: over.signal },
  )
  const limit = setTimeout(() => end('LIMIT'), limitSeconds * 1_000)
  store?.whileRecording(id, ended)
  keepAwake(ended)
  return {
    id,
    mimeType: type,
    bytes,
    elapsed,
    stop: () => end('CONFIRMED'),
    ended,
  }
}

/**
 * Browsers write MP4 in parts that begin with a key frame, and without being asked they make one only every 100 pictures:
 * until then there is nothing to send or to keep.
 */
function recorderOptions(
  mimeType: string | null,
): MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } {
  return { videoKeyFrameIntervalDuration: CHUNK_MS, ...(mimeType !== null && { mimeType }) }
}

/** Calls back when a camera or a microphone is taken away for good, or muted for longer than a moment. */
function watchTracks(stream: MediaStream, onLost: () => void, signal: AbortSignal): void {
  for (const track of stream.getTracks()) {
    let muted: ReturnType<typeof setTimeout> | undefined
    track.addEventListener('ended', onLost, { signal })
    track.addEventListener(
      'mute',
      () => {
        muted = setTimeout(onLost, MUTED_MS)
      },
      { signal },
    )
    track.addEventListener('unmute', () => clearTimeout(muted), { signal })
    signal.addEventListener('abort', () => clearTimeout(muted))
  }
}
