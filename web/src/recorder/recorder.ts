import { html, nothing, type PropertyValues, svg, type TemplateResult } from 'lit'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { languageOf } from '../i18n/language.ts'
import { newId } from '../new-id.ts'
import {
  type CameraTrouble,
  canRecord,
  closeStream,
  type Facing,
  hasSeveralCameras,
  openCamera,
  troubleOf,
} from './camera.ts'
import { clockTime } from './clock-time.ts'
import type { GrowingRecording } from './growing-recording.ts'
import { words } from './messages.ts'
import { type Recording, type RecordingEnd, record } from './record.ts'
import { recorderStyle } from './recorder-style.ts'
import type { RecordingStore, StoredRecording } from './recording-store.ts'
import type { RecordingKind } from './recording-type.ts'
import { createLevels, createSoundMeter, type SoundMeter, shownLevel } from './sound-level.ts'
import { cutOut, isWhole, movePart, type Part, stepAt, TRIM_STEP } from './trim.ts'

/** The detail of `moblog-recording`: a recording has begun, and its bytes can be sent while it goes on. */
export type RecordingBegun = {
  recordingId: string
  kind: RecordingKind
  mimeType: string
  bytes: GrowingRecording
}

/** The detail of `moblog-recorded`: a recording has ended. */
export type RecordingDone = {
  recordingId: string
  kind: RecordingKind
  blob: Blob
  seconds: number
  why: RecordingEnd | 'TRIMMED' | 'FOUND'
}

/** What the recorder shows about the upload of the recording that the user looks at. */
export type ShownUpload = {
  text: string
  /** The share of the bytes that have arrived, 0 to 1; null if it is not known. */
  progress: number | null
  /** Tries again; null if there is no need to. */
  retry: { label: string; act: () => unknown } | null
}

type Stage = 'ASKING' | 'PREVIEW' | 'COUNTDOWN' | 'RECORDING' | 'REVIEW' | 'TRIMMING' | 'TROUBLE'

const DEFAULT_LIMIT = 60
const DEFAULT_COUNTDOWN = 3
const LEVELS = 60
const LEVEL_MS = 100
/** What plays the recording that has ended. */
const PLAYER = 'video[controls], audio[controls]'

/**
 * Records audio or video (docs/clients.md, Custom elements). It ends when the user confirms or at the limit, and tells
 * about the recording from its first byte on, so that it is uploaded while it is made. Its host, which is the composer of
 * the client or the element for other pages, decides where recordings are kept, and uploads them.
 */
export class MoblogRecorder extends MoblogElement {
  static override styles = [controls, recorderStyle]
  static override properties = {
    kind: { type: String, reflect: true },
    limit: { type: Number },
    countdown: { type: Number },
    store: { attribute: false },
    upload: { attribute: false },
    stage: { state: true },
    elapsed: { state: true },
    count: { state: true },
    chosen: { state: true },
    found: { state: true },
    notice: { state: true },
    canFlip: { state: true },
    isTrimOpen: { state: true },
    duration: { state: true },
  }
  declare kind: RecordingKind
  /** The longest recording in seconds. */
  declare limit: number
  /** The seconds before a recording starts; 0 for none. */
  declare countdown: number
  /** Where recordings are kept on this device; null if they are not. */
  declare store: RecordingStore | null
  /** What to show about the upload; `null` for nothing, `undefined` if the host shows it elsewhere. */
  declare upload: ShownUpload | null | undefined
  declare private stage: Stage
  declare private elapsed: number
  declare private count: number
  declare private chosen: Part
  declare private found: StoredRecording[]
  declare private notice: string
  declare private canFlip: boolean
  declare private isTrimOpen: boolean
  declare private duration: number
  #stream: MediaStream | null = null
  #facing: Facing = 'user'
  #trouble: CameraTrouble = 'UNSUPPORTED'
  #recording: Recording | null = null
  #meter: SoundMeter | null = null
  #levels = createLevels(LEVELS)
  #ticking: ReturnType<typeof setInterval> | undefined
  #counting: ReturnType<typeof setInterval> | undefined
  /** Whether the user has cancelled the recording. */
  #isCancelled = false
  /** Whether the user is in the recorder, or in the dialog around it. */
  #hasFocus = false
  #done: RecordingDone | null = null
  #address: string | null = null

  constructor() {
    super()
    this.kind = 'video'
    this.limit = DEFAULT_LIMIT
    this.countdown = DEFAULT_COUNTDOWN
    this.store = null
    this.upload = undefined
    this.stage = 'ASKING'
    this.elapsed = 0
    this.count = 0
    this.chosen = { start: 0, end: 0 }
    this.found = []
    this.notice = ''
    this.canFlip = false
    this.isTrimOpen = false
    this.duration = 0
  }

  /** The texts in the language of the closest `lang`. */
  #words() {
    return words(languageOf(this))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // The first time, its first update does it.
    if (this.hasUpdated) void this.#offerFound()
    void this.#open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#counting)
    // A screen that closes while it records keeps the recording.
    this.#recording?.stop()
    this.#close()
    this.#show(null)
  }

  async #open(): Promise<void> {
    this.stage = 'ASKING'
    if (!canRecord()) return this.#fail('UNSUPPORTED')
    try {
      const stream = await openCamera(this.kind, this.#facing)
      if (!this.isConnected) return closeStream(stream)
      this.#close()
      this.#stream = stream
      for (const track of stream.getTracks()) track.addEventListener('ended', () => this.#lose(stream))
      this.#meter = createSoundMeter(stream)
      this.canFlip = this.kind === 'video' && (await hasSeveralCameras().catch(() => false))
      if (stream !== this.#stream) return
      this.stage = 'PREVIEW'
      this.#tick()
    } catch (error) {
      this.#fail(troubleOf(error))
    }
  }

  #fail(trouble: CameraTrouble): void {
    this.#trouble = trouble
    this.stage = 'TROUBLE'
  }

  /** The camera or the microphone was taken away. During a recording, the recording ends and is shown. */
  #lose(stream: MediaStream): void {
    if (stream !== this.#stream || this.#recording) return
    clearInterval(this.#counting)
    this.#close()
    this.#fail('LOST')
  }

  #close(): void {
    clearInterval(this.#ticking)
    this.#meter?.stop()
    this.#meter = null
    closeStream(this.#stream)
    this.#stream = null
  }

  /** Measures and shows how loud it is and how long it has been recorded. */
  #tick(): void {
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => {
      if (this.#meter) this.#levels.add(this.#meter.level())
      if (this.#recording) this.elapsed = this.#recording.elapsed()
      if (this.kind === 'audio') this.requestUpdate()
    }, LEVEL_MS)
  }

  async #flip(): Promise<void> {
    this.#facing = this.#facing === 'user' ? 'environment' : 'user'
    // Phones open only one camera at a time.
    this.#close()
    await this.#open()
  }

  #start(): void {
    this.notice = ''
    this.count = this.countdown
    if (this.count <= 0) {
      this.#record()
      return
    }
    this.stage = 'COUNTDOWN'
    this.#counting = setInterval(() => {
      this.count -= 1
      if (this.count > 0) return
      clearInterval(this.#counting)
      if (this.stage === 'COUNTDOWN') this.#record()
    }, 1_000)
  }

  #record(): void {
    const stream = this.#stream
    if (!stream) return
    const { kind } = this
    let recording: Recording
    try {
      recording = record(kind, stream, this.limit, this.store)
    } catch {
      // Some browsers take a camera away without an event.
      this.#lose(stream)
      return
    }
    this.#recording = recording
    this.#isCancelled = false
    this.elapsed = 0
    this.stage = 'RECORDING'
    const { id, mimeType, bytes } = recording
    this.tell<RecordingBegun>('moblog-recording', { recordingId: id, kind, mimeType, bytes })
    void recording.ended.then(({ why, seconds }) => this.#finish(recording, why, seconds))
  }

  #finish(recording: Recording, why: RecordingEnd, seconds: number): void {
    this.#recording = null
    const blob = recording.bytes.blob()
    this.#close()
    if (blob.size === 0) {
      this.tell('moblog-recording-discarded', { recordingId: recording.id })
      if (why === 'INTERRUPTED') this.#fail('LOST')
      else if (this.isConnected) void this.#open()
      return
    }
    const { interrupted, keepOrDiscard, limitReached } = this.#words()
    const notices = { LIMIT: limitReached, INTERRUPTED: interrupted, CONFIRMED: '' }
    this.notice = this.#isCancelled ? keepOrDiscard : notices[why]
    this.#hand({ recordingId: recording.id, kind: this.kind, blob, seconds, why })
  }

  #hand(done: RecordingDone): void {
    this.#done = done
    this.duration = done.seconds
    this.chosen = { start: 0, end: done.seconds }
    this.isTrimOpen = false
    this.#show(done.blob)
    this.stage = 'REVIEW'
    this.tell<RecordingDone>('moblog-recorded', done)
  }

  #show(blob: Blob | null): void {
    if (this.#address) {
      const player = this.renderRoot.querySelector<HTMLMediaElement>(PLAYER)
      // Otherwise, it would go on loading from an address that leads nowhere any more.
      player?.removeAttribute('src')
      player?.load()
      URL.revokeObjectURL(this.#address)
    }
    this.#address = blob && URL.createObjectURL(blob)
  }

  #cancel(): void {
    clearInterval(this.#counting)
    if (this.stage === 'COUNTDOWN') this.stage = 'PREVIEW'
    else if (this.#recording) {
      // The recording ends as with Back. Whether it is kept is asked where the user can look at it.
      this.#isCancelled = true
      this.#recording.stop()
    } else this.tell('moblog-recorder-closed', { recordingId: null })
  }

  /** Goes one step back without losing a recording: it ends, and one that has ended is used. */
  leave(): void {
    if (this.isTrimOpen) this.#closeTrim()
    else if (this.#recording) this.#recording.stop()
    else if (this.stage === 'REVIEW') this.#use()
    else this.#cancel()
  }

  #discard(): void {
    const id = this.#done?.recordingId
    if (id === undefined) return
    this.#done = null
    this.#show(null)
    void this.store?.forget(id).catch(() => {})
    this.tell('moblog-recording-discarded', { recordingId: id })
    void this.#open()
  }

  #use(): void {
    this.tell('moblog-recorder-closed', { recordingId: this.#done?.recordingId ?? null })
  }

  /** What the sliders show is what is used, so the whole recording is when they are gone. */
  #closeTrim(): void {
    this.isTrimOpen = false
    this.chosen = { start: 0, end: this.duration }
  }

  /** Whether the sliders show a part of the recording. */
  get #isPart(): boolean {
    return this.isTrimOpen && !isWhole(this.chosen, this.duration)
  }

  async #usePart(): Promise<void> {
    if (await this.#trim()) this.#use()
  }

  /** Cuts the chosen part out. Returns whether it has. */
  async #trim(): Promise<boolean> {
    const done = this.#done
    if (!done || !this.#isPart) {
      this.#closeTrim()
      return false
    }
    this.stage = 'TRIMMING'
    try {
      const blob = await cutOut(done.blob, this.chosen)
      const { start, end } = this.chosen
      this.notice = ''
      // The shorter recording takes the place of the longer one, also at the server.
      this.tell('moblog-recording-discarded', { recordingId: done.recordingId })
      void this.store?.forget(done.recordingId).catch(() => {})
      this.#hand({ ...done, recordingId: newId(), blob, seconds: end - start, why: 'TRIMMED' })
      return true
    } catch {
      this.stage = 'REVIEW'
      this.#closeTrim()
      this.notice = this.#words().trimFailed
      return false
    }
  }

  async #keepFound(recording: StoredRecording): Promise<void> {
    const bytes = await this.store?.open(recording.id)
    this.#forgetFound(recording)
    if (!bytes) return
    clearInterval(this.#counting)
    this.#close()
    const { id, kind, seconds } = recording
    this.kind = kind
    this.#hand({ recordingId: id, kind, blob: bytes.blob(), seconds, why: 'FOUND' })
  }

  async #offerFound(): Promise<void> {
    const { store } = this
    const found = (await store?.interrupted().catch(() => [])) ?? []
    if (store === this.store) this.found = found
  }

  #forgetFound({ id }: StoredRecording): void {
    this.found = this.found.filter((each) => each.id !== id)
  }

  #discardFound(recording: StoredRecording): void {
    this.#forgetFound(recording)
    void this.store?.forget(recording.id).catch(() => {})
    this.tell('moblog-recording-discarded', { recordingId: recording.id })
  }

  protected override willUpdate(): void {
    const { activeElement } = this.getRootNode() as Document | ShadowRoot
    // Browsers give the focus to the body when the control that had it is gone, as those of each step are.
    if (document.activeElement !== document.body) this.#hasFocus = activeElement?.contains(this) ?? false
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('store')) void this.#offerFound()
    // The main control of a step is the last one. On the page of another app, the recorder does not take the focus.
    if (changed.has('stage') && this.#hasFocus)
      [...this.renderRoot.querySelectorAll<HTMLElement>('.bar button')].at(-1)?.focus()
    const preview = this.renderRoot.querySelector<HTMLVideoElement>('video.live')
    if (preview && preview.srcObject !== this.#stream) preview.srcObject = this.#stream
  }

  override render(): TemplateResult {
    const isLive = this.stage === 'PREVIEW' || this.stage === 'COUNTDOWN' || this.stage === 'RECORDING'
    return html`
      ${this.stage === 'RECORDING' ? nothing : this.found.map((each) => this.#renderFound(each))}
      <div class="stage ${this.kind}">
        ${isLive ? this.#renderLive() : nothing}
        ${this.stage === 'COUNTDOWN' ? html`<span class="count" aria-hidden="true">${this.count}</span>` : nothing}
        ${this.stage === 'RECORDING' ? this.#renderClock() : nothing}
        ${
          this.stage === 'PREVIEW' && this.canFlip
            ? html`<button class="icon-button flip" type="button" aria-label=${this.#words().flip} @click=${() => void this.#flip()}>
                <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"><path d="M4 12a8 8 0 0 1 14-5l2 2M20 12a8 8 0 0 1-14 5l-2-2M20 4v5h-5M4 20v-5h5" /></svg>
              </button>`
            : nothing
        }
        ${this.#renderDone()}
        ${this.#renderProgress()}
      </div>
      <p class="status" role="status">${this.#status()}</p>
      <div class="bar ${isLive || this.stage === 'ASKING' ? 'centred' : ''}">${this.#renderControls()}</div>
    `
  }

  #renderFound(recording: StoredRecording): TemplateResult {
    const time = new Date(recording.startedAt).toLocaleString(languageOf(this), {
      dateStyle: 'medium',
      timeStyle: 'short',
    })
    return html`<div class="found">
      <p>${this.#words().found(`${time} (${clockTime(recording.seconds)})`)}</p>
      <button class="button" type="button" @click=${() => void this.#keepFound(recording)}>${this.#words().keep}</button>
      <button class="button quiet" type="button" @click=${() => this.#discardFound(recording)}>${this.#words().discard}</button>
    </div>`
  }

  #renderLive(): TemplateResult {
    if (this.kind === 'video') {
      const mirrored = this.#facing === 'user' ? ' mirrored' : ''
      return html`<video class="live${mirrored}" muted autoplay playsinline aria-label=${this.#words().preview}></video>`
    }
    const bars = this.#levels.values.map((level, index) => {
      const height = Math.max(2, shownLevel(level) * 100)
      return svg`<rect x=${index + 0.2} y=${50 - height / 2} width="0.6" height=${height} />`
    })
    return html`<svg class="levels" role="img" aria-label=${this.#words().level} viewBox="0 0 ${LEVELS} 100" preserveAspectRatio="none">${bars}</svg>`
  }

  #renderClock(): TemplateResult {
    const text = this.#words().elapsed(clockTime(this.elapsed), clockTime(this.limit))
    return html`<span class="clock" role="timer">${text}</span>`
  }

  #renderDone(): TemplateResult | typeof nothing {
    if ((this.stage !== 'REVIEW' && this.stage !== 'TRIMMING') || !this.#address) return nothing
    return this.kind === 'video'
      ? html`<video controls playsinline src=${this.#address} aria-label=${this.#words().recorded}></video>`
      : html`<audio controls src=${this.#address} aria-label=${this.#words().recorded}></audio>`
  }

  #renderProgress(): TemplateResult | typeof nothing {
    const { stage, upload } = this
    if (stage !== 'REVIEW' || !upload || upload.progress === null) return nothing
    return html`<progress max="1" .value=${upload.progress} aria-label=${this.#words().uploaded}></progress>`
  }

  #status(): string {
    const { kind, stage, notice, count } = this
    if (stage === 'ASKING') return kind === 'video' ? this.#words().asking : this.#words().askingAudio
    if (stage === 'COUNTDOWN') return this.#words().startsIn(count)
    if (stage === 'RECORDING') return this.#words().recording
    if (stage === 'TRIMMING') return this.#words().trimming
    if (stage === 'REVIEW')
      return notice || (this.upload === undefined ? this.#words().uploads(kind) : (this.upload?.text ?? ''))
    if (stage !== 'TROUBLE') return notice
    const { refused, missing, busy, lost, unsupported, insecure } = this.#words()
    const reason = isSecureContext ? unsupported : insecure
    return { REFUSED: refused, MISSING: missing, BUSY: busy, LOST: lost, UNSUPPORTED: reason }[this.#trouble]
  }

  #renderControls(): TemplateResult {
    const button = (text: string, kind: string, act: () => unknown) =>
      html`<button class="button ${kind}" type="button" @click=${act}>${text}</button>`
    const cancel = button(this.#words().cancel, 'quiet', () => this.#cancel())
    switch (this.stage) {
      case 'PREVIEW':
        return html`${cancel}<button class="shutter" type="button" aria-label=${this.#words().start} @click=${() => this.#start()}></button>`
      case 'RECORDING':
        return html`${cancel}<button class="shutter stop" type="button" aria-label=${this.#words().stop} @click=${() => this.#recording?.stop()}></button>`
      case 'REVIEW':
        return html`${this.isTrimOpen ? this.#renderTrim() : nothing}
          ${button(this.#words().discard, 'quiet', () => this.#discard())}
          ${
            this.isTrimOpen
              ? button(this.#words().applyTrim, 'quiet', () => void this.#trim())
              : button(this.#words().trim, 'quiet', () => {
                  this.isTrimOpen = true
                })
          }
          ${this.upload?.retry ? button(this.upload.retry.label, 'quiet', this.upload.retry.act) : nothing}
          ${this.#isPart ? button(this.#words().usePart, '', () => void this.#usePart()) : button(this.#words().use, '', () => this.#use())}`
      case 'TROUBLE':
        return html`${cancel}${this.#trouble === 'UNSUPPORTED' ? nothing : button(this.#words().tryAgain, '', () => void this.#open())}`
      case 'TRIMMING':
        return html``
      default:
        return html`${cancel}`
    }
  }

  #renderTrim(): TemplateResult {
    const slider = (which: 'start' | 'end', label: string) => html`<label>
      <span>${label}</span>
      <input
        type="range"
        min="0"
        max=${stepAt(this.duration)}
        step=${TRIM_STEP}
        .value=${String(stepAt(this.chosen[which]))}
        aria-valuetext=${clockTime(this.chosen[which])}
        @input=${(event: Event) => this.#movePart(which, event)}
      />
      <span aria-hidden="true">${clockTime(this.chosen[which])}</span>
    </label>`
    return html`<div class="part">${slider('start', this.#words().trimStart)}${slider('end', this.#words().trimEnd)}</div>`
  }

  #movePart(which: 'start' | 'end', { target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return
    this.chosen = movePart(this.chosen, which, Number(target.value), this.duration)
    // Shows the picture at this point.
    const player = this.renderRoot.querySelector<HTMLMediaElement>(PLAYER)
    if (player) player.currentTime = this.chosen[which]
  }
}
