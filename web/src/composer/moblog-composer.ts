import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { tellBarAtEnd } from '../components/bar-at-end.ts'
import { tooLong } from '../components/fields/too-long.ts'
import { askUser } from '../components/sheet.ts'
import { toast } from '../components/toast.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { moreIcons } from '../design/more-icons.ts'
import { MoblogElement } from '../element.ts'
import { clockTime } from '../recorder/clock-time.ts'
import type { RecordingBegun, RecordingDone } from '../recorder/recorder.ts'
import type { RecordingStore } from '../recorder/recording-store.ts'
import { type RecordingKind, recordingName } from '../recorder/recording-type.ts'
import { appRecordings } from '../uploads/app-recordings.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import { forgetShared, type Shared } from '../uploads/share-target.ts'
import type { Upload } from '../uploads/uploads.ts'
import './audience-choice.ts'
import type { AudienceChoice } from './audience-choice.ts'
import './composer-item.ts'
import { newId } from '../new-id.ts'
import type { ItemChanges } from './composer-item.ts'
import { composerStyle } from './composer-style.ts'
import { discardItem } from './discard-item.ts'
import {
  type Draft,
  type DraftItem,
  draftItem,
  emptyDraft,
  isUntouched,
  LIFETIMES,
  LONGEST_WARNING,
  MOST_ITEMS,
  moveItem,
  obstacle,
  withChangedItem,
  withItems,
  withoutItem,
} from './draft.ts'
import { forgetDraft, keepDraft, keptDraft } from './draft-store.ts'
import { failedPlaces, readinessOf } from './media-ids.ts'
import { words } from './messages.ts'
import { openDrafts } from './open-draft.ts'
import { pastedFiles } from './pasted-files.ts'
import { publishWhenStored } from './pending-posts.ts'
import './post-text.ts'
import { recordedUpload } from './recorded-upload.ts'
import './shared-offer.ts'

/** The detail of `moblog-composed`: whether the post waits for its uploads. */
export type Composed = { isWaiting: boolean }

/**
 * Writes a post: text, media in an order, who may see it and for how long. Uploads go on while the user writes. Publishing
 * works without a connection, and while uploads go on.
 */
export class MoblogComposer extends MoblogElement {
  static override styles = [controls, composerStyle]
  static override properties = {
    draft: { state: true },
    recording: { state: true },
    announced: { state: true },
    dragged: { state: true },
  }
  declare private draft: Draft
  declare private recording: RecordingKind | null
  declare private announced: string
  declare private dragged: number | null
  /** The upload of each recording of the open recorder. */
  #recordings = new Map<string, string>()
  /** What was recorded on this screen, by upload, to show it. */
  #blobs = new Map<string, Blob>()
  /** Where the open recorder keeps what it records. */
  #recordingStore: RecordingStore | null = null

  constructor() {
    super()
    this.draft = emptyDraft(newId())
    this.recording = null
    this.announced = ''
    this.dragged = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.draft = keptDraft() ?? this.draft
    void this.#openDraft()
    appUploads().addEventListener('change', this.#onChange)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    tellBarAtEnd(null)
    appUploads().removeEventListener('change', this.#onChange)
  }

  /** Adds files, for example those that were dropped on the screen. */
  addFiles(files: Iterable<File>): void {
    this.#addFiles([...files])
  }

  async #openDraft(): Promise<void> {
    const first = this.draft
    const opened = await openDrafts.open(first)
    if (this.draft === first) this.draft = opened
    // The user has gone on meanwhile with a draft that another window has open.
    else if (opened !== first && !isUntouched(first))
      this.#change({ ...this.draft, clientMutationId: opened.clientMutationId })
  }

  #onChange = (): void => this.requestUpdate()

  #change(draft: Draft): void {
    this.draft = draft
    keepDraft(draft)
  }

  async #addShared({ id, title, text, files }: Shared): Promise<void> {
    const added = [title, text].filter(Boolean).join('\n')
    if (added) this.#change({ ...this.draft, text: [this.draft.text, added].filter(Boolean).join('\n') })
    const uploads = this.#addFiles(files)
    const kept = await Promise.all(uploads.map((upload) => upload && appUploads().whenKept(upload.id)))
    // Otherwise, what was shared is the only copy of the file that outlives this page.
    if (kept.every(Boolean)) await forgetShared(id).catch(() => {})
  }

  /** Returns the uploads; null for one that could not begin. */
  #addFiles(files: readonly File[]): (Upload | null)[] {
    const room = MOST_ITEMS - this.draft.items.length
    if (files.length > room) toast(words().tooMany(MOST_ITEMS))
    return files.slice(0, Math.max(0, room)).map((file) => this.#addUpload(() => appUploads().add(file)))
  }

  #addUpload(add: () => Upload, shownName: string | null = null, isRecorded = false): Upload | null {
    try {
      const { id, name, ...upload } = add()
      this.#change(withItems(this.draft, [draftItem(shownName ?? name, id, isRecorded)]))
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
    const upload = this.#addUpload(
      () => appUploads().addRecording({ recordingId, name, mimeType, source: bytes }),
      null,
      true,
    )
    if (upload) this.#recordings.set(recordingId, upload.id)
  }

  #onRecorded({ detail }: CustomEvent<RecordingDone>): void {
    const { recordingId, kind, blob, seconds } = detail
    // Its upload began before anybody knew how long it would be.
    const shownName = words().recorded(kind, clockTime(seconds))
    const known = this.#recordings.get(recordingId) ?? this.#uploadOfRecording(recordingId)
    // The bytes of a recording that was sent while it was made are on their way. Others are sent now.
    if (known) {
      this.#recordings.set(recordingId, known)
      this.#blobs.set(known, blob)
      const index = this.draft.items.findIndex(({ uploadId }) => uploadId === known)
      if (index >= 0) this.#change(withChangedItem(this.draft, index, { name: shownName }))
      else if (appUploads().get(known))
        this.#change(withItems(this.draft, [draftItem(shownName, known, true)]))
      return
    }
    const name = recordingName(kind, blob.type, new Date())
    const upload = this.#addUpload(() => appUploads().add(blob, { name }), shownName, true)
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
    if (!item) return
    this.#blobs.delete(item.uploadId ?? '')
    discardItem(item)
  }

  #move(from: number, to: number): void {
    const item = this.draft.items[from]
    const count = this.draft.items.length
    if (!item || to < 0 || to >= count) return
    this.#change(moveItem(this.draft, from, to))
    this.announced = words().moved(item.name, to + 1, count)
  }

  /** Moves an item with its buttons, which take the focus along. */
  async #step(from: number, direction: number): Promise<void> {
    this.#move(from, from + direction)
    await this.updateComplete
    await this.renderRoot.querySelectorAll('moblog-composer-item')[from + direction]?.focusStep(direction)
  }

  /** Removes an item. The user is asked about a recording, because there is no other copy of it. */
  async #confirmRemoval(item: DraftItem): Promise<void> {
    if (item.isRecorded) {
      const { discard, keepOrDiscard } = (await import('../recorder/messages.ts')).words()
      const answer = await askUser({
        title: item.name,
        text: keepOrDiscard,
        name: item.name,
        choices: [{ key: 'discard', label: discard, icon: moreIcons.trash, isDangerous: true }],
      })
      if (answer === null) return
    }
    const index = this.draft.items.indexOf(item)
    if (index >= 0) this.#remove(index)
  }

  #publish(event: Event): void {
    event.preventDefault()
    if (obstacle(this.draft) !== null) return
    const readiness = readinessOf(this.draft, (id) => appUploads().get(id))
    if (readiness.kind === 'FAILED') return
    if (!publishWhenStored(this.draft)) {
      toast(words().notKeptPost)
      return
    }
    this.#beginAnew()
    this.tell<Composed>('moblog-composed', { isWaiting: readiness.kind === 'ON_THEIR_WAY' })
  }

  #openRecorder(kind: RecordingKind): void {
    void import('../recorder/moblog-recorder.ts').then(() => {
      this.#recordingStore = appRecordings()
      this.recording = kind
    })
  }

  /** Escape and Back leave the recorder step by step, so that no recording is lost. */
  #leaveRecorder(event: Event): void {
    event.preventDefault()
    this.renderRoot.querySelector('moblog-recorder')?.leave()
  }

  #closeRecorder(): void {
    // Gives the focus back to the button that opened it.
    this.renderRoot.querySelector('dialog')?.close()
    this.recording = null
    this.#recordings.clear()
  }

  protected override updated(changed: PropertyValues): void {
    if (this.isConnected) tellBarAtEnd(this.renderRoot.querySelector<HTMLElement>('.end'))
    const dialog = this.renderRoot.querySelector('dialog')
    if (!changed.has('recording') || !dialog || dialog.open) return
    dialog.showModal()
    this.tell('moblog-dialog-opened', dialog)
  }

  protected override render(): TemplateResult {
    const { text, contentWarning, audience, audienceListId, items } = this.draft
    const why = obstacle(this.draft)
    const readiness = readinessOf(this.draft, (id) => appUploads().get(id))
    const isReady = why === null && readiness.kind !== 'FAILED'
    const reason = this.#renderReason(why)
    return html`
      <moblog-shared-offer
        @moblog-shared-added=${({ detail }: CustomEvent<Shared>) => void this.#addShared(detail)}
      ></moblog-shared-offer>
      <form @submit=${this.#publish} @dragover=${this.#onDragOver} @drop=${this.#onDrop}>
        <moblog-post-text
          .text=${text}
          @moblog-text-changed=${({ detail }: CustomEvent<string>) => this.#change({ ...this.draft, text: detail })}
          @paste=${this.#onPaste}
        ></moblog-post-text>
        <ol class="items" aria-label=${words().media} ?hidden=${items.length === 0}>
          ${items.map((item, index) => this.#renderItem(item, index))}
        </ol>
        <p class="only-heard" role="status">${this.announced}</p>
        ${this.#renderSources()}
        <moblog-audience-choice
          .audience=${audience}
          .listId=${audienceListId}
          @moblog-audience-chosen=${({ detail }: CustomEvent<AudienceChoice>) => this.#change({ ...this.draft, ...detail })}
        ></moblog-audience-choice>
        <div class="options">
          ${this.#renderLifetime()}
          <label class="field"><span>${words().contentWarning}</span>
            <input
              class="input"
              name="contentWarning"
              dir="auto"
              placeholder=${words().contentWarningHint}
              .value=${contentWarning}
              @input=${({ target }: Event) =>
                target instanceof HTMLInputElement &&
                this.#change({ ...this.draft, contentWarning: target.value })}
            />
          </label>
          ${tooLong(contentWarning, LONGEST_WARNING)}
        </div>
        ${readiness.kind === 'ON_THEIR_WAY' ? html`<p class="note">${words().waits}</p>` : nothing}
        <div class="end">
          <div id="why" role="status" class=${reason === nothing ? '' : 'why'}>${reason}</div>
          <button class="button quiet" type="button" @click=${() => void this.#cancel()}>
            ${words().cancel}
          </button>
          <button class="button" type="submit" aria-describedby="why" ?disabled=${!isReady}>${words().publish}</button>
        </div>
      </form>
      ${this.recording === null ? nothing : this.#renderRecorder(this.recording)}
    `
  }

  /** Why the post cannot be published, if the user may wonder. */
  #renderReason(why: ReturnType<typeof obstacle>): TemplateResult | typeof nothing {
    // Until the list of uploads is read, all of them look lost.
    const [first, ...others] = appUploads().isLoaded
      ? failedPlaces(this.draft, (id) => appUploads().get(id))
      : []
    const { filesFailed, needsList, showFile } = words()
    if (first !== undefined)
      return html`<p>${filesFailed(1 + others.length)}</p>
        <button class="button plain" type="button" @click=${() => this.#showItem(first)}>${showFile}</button>`
    return why === 'NO_LIST' ? html`<p>${needsList}</p>` : nothing
  }

  #showItem(index: number): void {
    const item = this.renderRoot.querySelectorAll('moblog-composer-item')[index]
    item?.scrollIntoView({ block: 'center' })
    item?.focus({ preventScroll: true })
  }

  /** Leaves the composer. A draft stays, unless the user discards it. */
  async #cancel(): Promise<void> {
    if (!isUntouched(this.draft)) {
      const { discardDraft, keepDraft: keep, keepText, keepTitle } = words()
      const answer = await askUser({
        title: keepTitle,
        text: keepText,
        name: keepTitle,
        choices: [
          { key: 'keep', label: keep, icon: moreIcons.edit },
          { key: 'discard', label: discardDraft, icon: moreIcons.trash, isDangerous: true },
        ],
      })
      if (answer === null) return
      if (answer === 'discard') this.#discard()
    }
    this.tell('moblog-cancelled', null)
  }

  #discard(): void {
    const { items } = this.draft
    this.#beginAnew()
    for (const item of items) discardItem(item)
  }

  /** Forgets the draft, and begins with an empty one. */
  #beginAnew(): void {
    forgetDraft(this.draft)
    this.draft = emptyDraft(newId())
    void openDrafts.hold(this.draft.clientMutationId)
    this.#blobs.clear()
  }

  #renderLifetime(): TemplateResult {
    const { lifetime, lifetimes } = words()
    const chosen = this.draft.lifetimeSeconds
    return html`<label class="field"><span>${lifetime}</span>
      <select class="input" name="lifetime" @change=${this.#onLifetime}>
        ${LIFETIMES.map(
          (seconds) =>
            html`<option value=${String(seconds)} ?selected=${seconds === chosen}>${lifetimes(seconds)}</option>`,
        )}
      </select>
    </label>`
  }

  readonly #onLifetime = ({ target }: Event) => {
    if (!(target instanceof HTMLSelectElement)) return
    const lifetimeSeconds = LIFETIMES.find((seconds) => String(seconds) === target.value) ?? null
    this.#change({ ...this.draft, lifetimeSeconds })
  }

  #renderSources(): TemplateResult {
    const full = this.draft.items.length >= MOST_ITEMS
    return html`<div class="sources" ?hidden=${full}>
      <label class="button quiet">
        ${icons.image()} ${words().addFiles}
        <input type="file" multiple accept="image/*,video/*,audio/*" @change=${this.#onFiles} />
      </label>
      <button class="button quiet" type="button" @click=${() => this.#openRecorder('video')}>
        ${moreIcons.film()} ${words().recordVideo}
      </button>
      <button class="button quiet" type="button" @click=${() => this.#openRecorder('audio')}>
        ${moreIcons.microphone()} ${words().recordAudio}
      </button>
    </div>`
  }

  #renderItem(item: DraftItem, index: number): TemplateResult {
    const upload = item.uploadId === null ? null : appUploads().get(item.uploadId)
    return html`<li
      class=${this.dragged !== null && this.dragged !== index ? 'over' : ''}
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
      <moblog-composer-item
        .item=${item}
        .upload=${upload}
        .recorded=${(item.uploadId && this.#blobs.get(item.uploadId)) ?? null}
        tabindex="-1"
        .isFirst=${index === 0}
        .isLast=${index === this.draft.items.length - 1}
        @moblog-item-changed=${({ detail }: CustomEvent<ItemChanges>) => this.#change(withChangedItem(this.draft, index, detail))}
        @moblog-item-moved=${({ detail }: CustomEvent<number>) => void this.#step(index, detail)}
        @moblog-item-removed=${() => void this.#confirmRemoval(item)}
      ></moblog-composer-item>
    </li>`
  }

  #renderRecorder(kind: RecordingKind): TemplateResult {
    const [uploadId] = [...this.#recordings.values()].reverse()
    return html`<dialog aria-label=${words().recorder} @cancel=${this.#leaveRecorder} @close=${this.#closeRecorder}>
      <moblog-recorder
        kind=${kind}
        .store=${this.#recordingStore}
        .upload=${recordedUpload(appUploads().get(uploadId ?? ''))}
        @moblog-recording=${this.#onRecording}
        @moblog-recorded=${this.#onRecorded}
        @moblog-recording-discarded=${this.#onDiscarded}
        @moblog-recorder-closed=${this.#closeRecorder}
      ></moblog-recorder>
    </dialog>`
  }

  #onFiles({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return
    this.#addFiles([...(target.files ?? [])])
    // The same file can be chosen again.
    target.value = ''
  }

  #onPaste(event: ClipboardEvent): void {
    const files = event.clipboardData ? pastedFiles(event.clipboardData) : []
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
