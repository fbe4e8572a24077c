import { languageOf } from '../i18n/language.ts'
import { MoblogRecorder, type RecordingBegun, type RecordingDone } from '../recorder/recorder.ts'
import { embeddedStyle } from './embedded-style.ts'
import type { RecorderUploads } from './recorder-uploads.ts'
import { createRecordingUploads } from './recording-uploads.ts'
import { shownUpload } from './shown-upload.ts'

/** The recorder in an element of a page. */
export type EmbeddedRecorder = {
  /** Takes over what the page has changed about the element. */
  update(): void
  retryUpload(recordingId: string): boolean
  discard(recordingId: string): Promise<void>
  forgetRecordings(): Promise<void>
}

const DAY_SECONDS = 86_400

customElements.define('moblog-recorder-view', class extends MoblogRecorder {})

/** Puts the recorder into an element of a page: it uploads what is recorded, and tells the page about it by events. */
export function embedRecorder(
  host: HTMLElement & { readonly uploads: RecorderUploads | null },
): EmbeddedRecorder {
  const view = document.createElement('moblog-recorder-view') as MoblogRecorder
  /** The recording that the user makes or looks at. */
  let shown: string | null = null
  const uploads = createRecordingUploads(
    () => host.uploads,
    ({ name, detail }) =>
      host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })),
    showUpload,
  )

  function update(): void {
    view.kind = host.getAttribute('kind') === 'audio' ? 'audio' : 'video'
    view.limit = seconds('limit', 1, 60)
    view.countdown = seconds('countdown', 0, 3)
    uploads.update(host.getAttribute('owner') || null)
    view.store = uploads.store
    showUpload()
  }

  function seconds(name: string, least: number, otherwise: number): number {
    const value = Number(host.getAttribute(name) ?? Number.NaN)
    return value >= least ? Math.min(value, DAY_SECONDS) : otherwise
  }

  function showUpload(): void {
    const upload = shown === null ? null : uploads.of(shown)
    const retry = () => upload?.recordingId && uploads.retry(upload.recordingId)
    view.upload = upload && shownUpload(upload, languageOf(host), retry)
  }

  const listen = <Detail>(name: string, act: (detail: Detail) => void) =>
    view.addEventListener(name, (event) => act((event as CustomEvent<Detail>).detail))
  listen<RecordingBegun>('moblog-recording', (recording) => {
    shown = recording.recordingId
    uploads.begin(recording)
  })
  listen<RecordingDone>('moblog-recorded', (recording) => {
    shown = recording.recordingId
    uploads.end(recording)
    showUpload()
  })
  listen<{ recordingId: string }>('moblog-recording-discarded', ({ recordingId }) => {
    void uploads.discard(recordingId)
  })
  listen<{ recordingId: string | null }>('moblog-recorder-closed', ({ recordingId }) => {
    shown = null
    if (recordingId !== null) uploads.confirm(recordingId)
    showUpload()
  })

  update()
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [embeddedStyle()]
  root.append(view)

  return {
    update,
    retryUpload: uploads.retry,
    discard: uploads.discard,
    async forgetRecordings() {
      await uploads.forgetAll()
      update()
    },
  }
}
