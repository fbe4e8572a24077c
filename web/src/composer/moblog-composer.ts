import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { toast } from '../components/toast.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import type { RecordingBegun, RecordingDone } from '../recorder/moblog-recorder.ts'
import { forgetRecording } from '../recorder/recording-store.ts'
import { type RecordingKind, recordingName } from '../recorder/recording-type.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import { explainFailure, type NextStep } from '../uploads/explain-failure.ts'
import { words as uploadWords } from '../uploads/messages.ts'
import { takeShared } from '../uploads/share-target.ts'
import type { Upload } from '../uploads/uploads.ts'
import { composerStyle } from './composer-style.ts'
import {
  AUDIENCES,
  type Draft,
  type DraftAudience,
  type DraftItem,
  emptyDraft,
  lengthOf,
  MOST_CHARACTERS,
  MOST_ITEMS,
  moveItem,
  obstacle,
  withItems,
  withoutItem,
} from './draft.ts'
import { keepDraft, keptDraft } from './draft-store.ts'
import { readinessOf } from './media-ids.ts'
import { words } from './messages.ts'
import { publishWhenStored } from './pending-posts.ts'
import { uploadStatus } from './upload-status.ts'

/** What the user publishes: the detail of `moblog-composed`. */
export type Composed = {
  text: string
  mediaIds: string[]
  audience: DraftAudience
  clientMutationId: string
}

/** Writes a post: text, media in an order, and who may see it. Uploads go on while the user writes. */
export class MoblogComposer extends MoblogElement {
  static override styles = [controls, composerStyle]
  static override properties = {
    hasAltText: { type: Boolean, attribute: 'alt-text' },
    draft: { state: true },
    recording: { state: true },
    announced: { state: true },
    dragged: { state: true },
  }
  /** Whether media have descriptions. The API must have `updateMedia`. */
  declare hasAltText: boolean
  declare private draft: Draft
  declare private recording: RecordingKind | null
  declare private announced: string
  declare private dragged: number | null
  #addresses = new Map<string, string>()
  /** The upload of each recording of the open recorder. */
  #recordings = new Map<string, string>()

  constructor() {
    super()
    this.hasAltText = false
    this.draft = emptyDraft(crypto.randomUUID())
    this.recording = null
    this.announced = ''
    this.dragged = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.draft = keptDraft() ?? this.draft
    appUploads().addEventListener('change', this.#onChange)
    void takeShared()
      .then((shared) => {
        for (const { title, text, files } of shared) {
          const added = [title, text].filter(Boolean).join('\n')
          if (added)
            this.#change({ ...this.draft, text: [this.draft.text, added].filter(Boolean).join('\n') })
          this.#addFiles(files)
        }
      })
      .catch(() => {})
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    appUploads().removeEventListener('change', this.#onChange)
    for (const address of this.#addresses.values()) URL.revokeObjectURL(address)
    this.#addresses.clear()
  }

  /** Forgets the draft, because its post is published. */
  clear(): void {
    for (const { uploadId } of this.draft.items) if (uploadId !== null) appUploads().dismiss(uploadId)
    this.draft = emptyDraft(crypto.randomUUID())
    keepDraft(null)
  }

  /** Adds files, for example those that were dropped on the screen. */
  addFiles(files: Iterable<File>): void {
    this.#addFiles([...files])
  }

  #onChange = (): void => this.requestUpdate()

  #change(draft: Draft): void {
    this.draft = draft
    keepDraft(obstacle(draft) === 'EMPTY' ? null : draft)
  }

  #addFiles(files: readonly File[]): void {
    const room = MOST_ITEMS - this.draft.items.length
    if (files.length > room) toast(words().tooMany(MOST_ITEMS))
    for (const file of files.slice(0, Math.max(0, room))) this.#addUpload(() => appUploads().add(file))
  }

  #addUpload(add: () => Upload): Upload | null {
    try {
      const { id, name, ...upload } = add()
      this.#change(withItems(this.draft, [{ uploadId: id, mediaId: null, name, altText: '' }]))
      return { id, name, ...upload }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      toast(words().tooManyUploads)
      return null
    }
  }

  #onRecording({ detail }: CustomEvent<RecordingBegun>): void {
    const { recordingId, kind, mimeType, bytes } = detail
    if (this.draft.items.length >= MOST_ITEMS) return
    const name = recordingName(kind, mimeType, new Date())
    const upload = this.#addUpload(() =>
      appUploads().addRecording({ recordingId, name, mimeType, source: bytes }),
    )
    if (upload) this.#recordings.set(recordingId, upload.id)
  }

  #onRecorded({ detail }: CustomEvent<RecordingDone>): void {
    const { recordingId, kind, blob } = detail
    const known = this.#recordings.get(recordingId) ?? this.#uploadOfRecording(recordingId)
    // The bytes of a recording that was sent while it was made are on their way. Others are sent now.
    if (known) {
      this.#recordings.set(recordingId, known)
      const item = this.draft.items.some(({ uploadId }) => uploadId === known)
      const upload = appUploads().get(known)
      if (!item && upload)
        this.#change(
          withItems(this.draft, [{ uploadId: known, mediaId: null, name: upload.name, altText: '' }]),
        )
      return
    }
    const name = recordingName(kind, blob.type, new Date())
    const upload = this.#addUpload(() => appUploads().add(blob, { name }))
    if (upload) this.#recordings.set(recordingId, upload.id)
  }

  /** The upload of a recording that was interrupted, and whose upload has gone on since. */
  #uploadOfRecording(recordingId: string): string | null {
    return appUploads().list.find((upload) => upload.recordingId === recordingId)?.id ?? null
  }

  #onDiscarded({ detail }: CustomEvent<{ recordingId: string }>): void {
    const uploadId = this.#recordings.get(detail.recordingId) ?? this.#uploadOfRecording(detail.recordingId)
    this.#recordings.delete(detail.recordingId)
    if (!uploadId) return
    const index = this.draft.items.findIndex((item) => item.uploadId === uploadId)
    if (index >= 0) this.#remove(index)
    else void appUploads().cancel(uploadId)
  }

  #remove(index: number): void {
    const item = this.draft.items[index]
    this.#change(withoutItem(this.draft, index))
    if (!item?.uploadId) return
    const recordingId = appUploads().get(item.uploadId)?.recordingId
    if (recordingId) void forgetRecording(recordingId).catch(() => {})
    void appUploads().cancel(item.uploadId)
  }

  #move(from: number, to: number): void {
    const item = this.draft.items[from]
    const count = this.draft.items.length
    if (!item || to < 0 || to >= count) return
    this.#change(moveItem(this.draft, from, to))
    this.announced = words().moved(item.name, to + 1, count)
  }

  #publish(event: Event): void {
    event.preventDefault()
    if (obstacle(this.draft) !== null) return
    const readiness = readinessOf(this.draft, (id) => appUploads().get(id))
    if (readiness.kind === 'FAILED') return
    const { text, audience, clientMutationId } = this.draft
    if (readiness.kind === 'READY') {
      const { mediaIds } = readiness
      this.tell<Composed>('moblog-composed', { text, mediaIds, audience, clientMutationId })
      return
    }
    publishWhenStored(this.draft)
    this.draft = emptyDraft(crypto.randomUUID())
    keepDraft(null)
    toast(words().queued)
    this.tell('moblog-cancelled', null)
  }

  #openRecorder(kind: RecordingKind): void {
    void import('../recorder/moblog-recorder.ts').then(() => {
      this.recording = kind
    })
  }

  #closeRecorder(): void {
    this.recording = null
    this.#recordings.clear()
  }

  protected override updated(changed: PropertyValues): void {
    const dialog = this.renderRoot.querySelector('dialog')
    if (changed.has('recording') && dialog && !dialog.open) dialog.showModal()
  }

  protected override render(): TemplateResult {
    const { text, audience, items } = this.draft
    const why = obstacle(this.draft)
    const readiness = readinessOf(this.draft, (id) => appUploads().get(id))
    const length = lengthOf(text)
    return html`
      <form @submit=${this.#publish} @dragover=${this.#onDragOver} @drop=${this.#onDrop}>
        <textarea
          dir="auto"
          rows="5"
          aria-label=${words().text}
          placeholder=${words().placeholder}
          .value=${text}
          @input=${({ target }: Event) =>
            target instanceof HTMLTextAreaElement && this.#change({ ...this.draft, text: target.value })}
          @paste=${this.#onPaste}
        ></textarea>
        ${why === 'TOO_LONG' ? html`<p class="error" role="alert">${words().tooLong(length, MOST_CHARACTERS)}</p>` : nothing}
        <ol class="items" aria-label=${words().media} ?hidden=${items.length === 0}>
          ${items.map((item, index) => this.#renderItem(item, index))}
        </ol>
        <p class="only-heard" role="status">${this.announced}</p>
        ${this.#renderSources()} ${this.#renderAudience(audience)}
        ${readiness.kind === 'ON_THEIR_WAY' ? html`<p class="note">${words().waits}</p>` : nothing}
        <div class="end">
          <button class="button quiet" type="button" @click=${() => this.tell('moblog-cancelled', null)}>
            ${words().cancel}
          </button>
          <button class="button" type="submit" ?disabled=${why !== null || readiness.kind === 'FAILED'}>
            ${words().publish}
          </button>
        </div>
      </form>
      ${this.recording === null ? nothing : this.#renderRecorder(this.recording)}
    `
  }

  #renderSources(): TemplateResult {
    const full = this.draft.items.length >= MOST_ITEMS
    return html`<div class="sources" ?hidden=${full}>
      <label class="button quiet">
        ${icons.image()} ${words().addFiles}
        <input type="file" multiple accept="image/*,video/*,audio/*" @change=${this.#onFiles} />
      </label>
      <button class="button quiet" type="button" @click=${() => this.#openRecorder('video')}>
        ${icons.film()} ${words().recordVideo}
      </button>
      <button class="button quiet" type="button" @click=${() => this.#openRecorder('audio')}>
        ${icons.microphone()} ${words().recordAudio}
      </button>
    </div>`
  }

  #renderAudience(chosen: DraftAudience): TemplateResult {
    return html`<fieldset class="audience">
      <legend>${words().audience}</legend>
      ${AUDIENCES.map(
        (audience) => html`<label>
          <input
            type="radio"
            name="audience"
            .checked=${audience === chosen}
            @change=${() => this.#change({ ...this.draft, audience })}
          />
          ${words()[audience]}
        </label>`,
      )}
    </fieldset>`
  }

  #renderItem(item: DraftItem, index: number): TemplateResult {
    const upload = item.uploadId === null ? null : appUploads().get(item.uploadId)
    const last = this.draft.items.length - 1
    const step = (label: string, text: TemplateResult, act: () => void, isOff = false) =>
      html`<button class="icon-button" type="button" aria-label=${label} ?disabled=${isOff} @click=${act}>${text}</button>`
    return html`<li
      class="item ${this.dragged !== null && this.dragged !== index ? 'over' : ''}"
      draggable="true"
      @dragstart=${() => {
        this.dragged = index
      }}
      @dragend=${() => {
        this.dragged = null
      }}
      @drop=${(event: Event) => {
        if (this.dragged === null) return
        event.preventDefault()
        event.stopPropagation()
        this.#move(this.dragged, index)
        this.dragged = null
      }}
    >
      <div class="thumb">${this.#renderThumb(upload)}</div>
      <div class="about">
        <p class="name" dir="auto">${item.name}</p>
        ${upload ? this.#renderUpload(upload) : nothing}
        ${
          this.hasAltText
            ? html`<input
                class="input"
                dir="auto"
                aria-label=${words().altText}
                placeholder=${words().altText}
                maxlength="1000"
                .value=${item.altText}
                @input=${(event: Event) => this.#describe(index, event)}
              />`
            : nothing
        }
        <div class="steps">
          ${step(words().earlier(item.name), icons.back(), () => this.#move(index, index - 1), index === 0)}
          ${step(words().later(item.name), icons.forward(), () => this.#move(index, index + 1), index === last)}
          ${upload ? this.#renderPause(upload) : nothing}
          ${step(words().removeItem(item.name), icons.trash(), () => this.#remove(index))}
        </div>
      </div>
    </li>`
  }

  #renderUpload(upload: Upload): TemplateResult {
    const { state, progress, failure, name, isKept, id } = upload
    const explained = failure && explainFailure(failure)
    const isSending = state === 'SENDING' || state === 'PAUSED' || state === 'OFFLINE'
    return html`
      <p class="state">${uploadStatus(upload)}</p>
      ${
        isSending
          ? html`<progress
              aria-label=${words().progressOf(name)}
              max="1"
              value=${progress ?? nothing}
            ></progress>`
          : nothing
      }
      ${isKept ? nothing : html`<p class="note">${words().notKept}</p>`}
      ${
        explained
          ? html`<p class="error" role="alert">${explained.text}</p>
              ${this.#renderNextStep(id, explained.nextStep, explained.action)}`
          : nothing
      }
    `
  }

  #renderNextStep(id: string, step: NextStep, action: string): TemplateResult | typeof nothing {
    const link = (address: string) => html`<a class="button plain" href=${address}>${action}</a>`
    if (step === 'FREE_SPACE') return link('#/settings/storage')
    if (step === 'SIGN_IN') return link('#/')
    if (step === 'TRY_AGAIN')
      return html`<button class="button plain" type="button" @click=${() => appUploads().resume(id)}>${action}</button>`
    if (step === 'CHOOSE_AGAIN')
      return html`<label class="button plain">
        ${action}<input class="only-heard" type="file" @change=${(event: Event) => this.#giveFile(id, event)} />
      </label>`
    return action === '' ? nothing : html`<p class="note">${action}</p>`
  }

  #renderPause({ id, state }: Upload): TemplateResult | typeof nothing {
    const button = (text: string, act: () => void) =>
      html`<button class="button plain" type="button" @click=${act}>${text}</button>`
    if (state === 'PAUSED') return button(uploadWords().resume, () => appUploads().resume(id))
    if (state !== 'SENDING' && state !== 'WAITING' && state !== 'OFFLINE') return nothing
    return button(uploadWords().pause, () => appUploads().pause(id))
  }

  #renderThumb(upload: Upload | null): TemplateResult {
    const file = upload?.file
    if (upload && file && /^(image|video)\//.test(file.type)) {
      let address = this.#addresses.get(upload.id)
      if (address === undefined) {
        address = URL.createObjectURL(file)
        this.#addresses.set(upload.id, address)
      }
      return file.type.startsWith('image/')
        ? html`<img src=${address} alt="" />`
        : html`<video src=${address} muted playsinline preload="metadata" aria-hidden="true"></video>`
    }
    return upload?.mimeType.startsWith('image/') ? icons.image() : icons.film()
  }

  #renderRecorder(kind: RecordingKind): TemplateResult {
    return html`<dialog aria-label=${words().recorder} @cancel=${(event: Event) => event.preventDefault()}>
      <moblog-recorder
        kind=${kind}
        @moblog-recording=${this.#onRecording}
        @moblog-recorded=${this.#onRecorded}
        @moblog-recording-discarded=${this.#onDiscarded}
        @moblog-recorder-closed=${this.#closeRecorder}
      ></moblog-recorder>
    </dialog>`
  }

  #describe(index: number, { target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return
    const items = this.draft.items.map((item, each) =>
      each === index ? { ...item, altText: target.value } : item,
    )
    this.#change({ ...this.draft, items })
  }

  #giveFile(id: string, { target }: Event): void {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : null
    if (file) appUploads().giveFile(id, file)
  }

  #onFiles({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return
    this.#addFiles([...(target.files ?? [])])
    // The same file can be chosen again.
    target.value = ''
  }

  #onPaste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    this.#addFiles(files)
  }

  #onDragOver(event: DragEvent): void {
    event.preventDefault()
  }

  #onDrop(event: DragEvent): void {
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    this.#addFiles(files)
  }
}

customElements.define('moblog-composer', MoblogComposer)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-composer': MoblogComposer
  }
}
