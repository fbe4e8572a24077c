import { html, nothing, type TemplateResult } from 'lit'
import { tooLong } from '../components/fields/too-long.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { moreIcons } from '../design/more-icons.ts'
import { MoblogElement } from '../element.ts'
import { labelFor } from '../i18n/format.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import { explainFailure } from '../uploads/explain-failure.ts'
import { words as uploadWords } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'
import type { DraftCaptions } from './captions-file.ts'
import { composerItemStyle } from './composer-item-style.ts'
import { type DraftItem, LONGEST_ALT_TEXT } from './draft.ts'
import { foundPicture } from './found-picture.ts'
import './item-captions.ts'
import { words } from './messages.ts'
import { uploadState } from './upload-state.ts'

const arrow = (path: string) =>
  html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>`
const UP = arrow('m5.4 14.6 6.6-6.6 6.6 6.6')
const DOWN = arrow('m5.4 9.4 6.6 6.6 6.6-6.6')

/** The detail of `moblog-item-changed`. */
export type ItemChanges = Partial<Pick<DraftItem, 'altText' | 'captions'>>

/**
 * A media file in the composer: its picture, its upload, its description and captions. It tells about changes with
 * `moblog-item-changed`, `moblog-item-moved` (-1 or 1) and `moblog-item-removed`.
 */
export class MoblogComposerItem extends MoblogElement {
  static override properties = {
    item: { attribute: false },
    upload: { attribute: false },
    recorded: { attribute: false },
    isFirst: { attribute: false },
    isLast: { attribute: false },
    found: { state: true },
    broken: { state: true },
  }
  declare item: DraftItem | null
  declare upload: Upload | null
  /** A recording of this screen, whose upload has no file of its own. */
  declare recorded: Blob | null
  declare isFirst: boolean
  declare isLast: boolean
  /** The picture of an upload whose file is not on the screen. */
  declare found: Blob | string | null
  /** The address of a picture that the browser cannot show. */
  declare broken: string | null
  #searched = ''
  #shown: { file: Blob; address: string } | null = null

  static override styles = [controls, composerItemStyle]

  constructor() {
    super()
    this.item = null
    this.upload = null
    this.recorded = null
    this.isFirst = false
    this.isLast = false
    this.found = null
    this.broken = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('moblog-notification', this.#searchAgain)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('moblog-notification', this.#searchAgain)
    this.#forgetAddress()
  }

  protected override willUpdate(): void {
    const { recorded, upload } = this
    if (!upload || upload.file || recorded || !upload.mimeType.startsWith('video/')) return
    const search = `${upload.id} ${upload.mediaId}`
    if (search === this.#searched) return
    this.#searched = search
    // Without a connection, the icon stays.
    void foundPicture(upload).then(
      (found) => {
        this.found = found ?? this.found
      },
      () => {},
    )
  }

  // The server may have made the picture.
  readonly #searchAgain = () => {
    if (this.found !== null) return
    this.#searched = ''
    this.requestUpdate()
  }

  protected override render() {
    const { item, upload } = this
    if (!item) return nothing
    const { name } = item
    const isRefused = upload?.failure ? explainFailure(upload.failure).nextStep === 'CHOOSE_ANOTHER' : false
    const isPlayed = /^(audio|video)\//.test(upload?.mimeType ?? '')
    const isGone = item.mediaId === null && appUploads().isLoaded
    const isAlone = this.isFirst && this.isLast
    const step = (label: string, icon: TemplateResult, act: () => void, isOff = false) =>
      html`<button class="icon-button" type="button" aria-label=${label} ?disabled=${isOff} @click=${act}>${icon}</button>`
    return html`
      <div class="thumb">${this.#thumb()}</div>
      <div class="about">
        <p class="name" dir="auto">${name}</p>
        ${upload ? uploadState(upload) : isGone ? html`<p class="error" role="alert">${words().fileGone}</p>` : nothing}
        <div class="steps">
          ${isAlone ? nothing : step(words().earlier(name), UP, () => this.tell('moblog-item-moved', -1), this.isFirst)}
          ${isAlone ? nothing : step(words().later(name), DOWN, () => this.tell('moblog-item-moved', 1), this.isLast)}
          ${step(words().removeItem(name), moreIcons.trash(), () => this.tell('moblog-item-removed', null))}
          ${upload ? pauseButton(upload) : nothing}
        </div>
      </div>
      ${isRefused ? nothing : this.#texts(item, isPlayed)}
    `
  }

  /** Focuses the button that moves it further in a direction, or the other one if it cannot. */
  async focusStep(direction: number): Promise<void> {
    await this.updateComplete
    const [up, down] = this.renderRoot.querySelectorAll<HTMLButtonElement>('.steps button')
    const [first, second] = direction < 0 ? [up, down] : [down, up]
    const button = first?.disabled ? second : first
    button?.focus()
  }

  #texts({ name, altText, captions }: DraftItem, isPlayed: boolean): TemplateResult {
    return html`<div class="texts">
      <textarea
        class="input"
        rows="1"
        dir="auto"
        aria-label=${labelFor(words().altText, name)}
        placeholder=${words().altText}
        .value=${altText}
        @input=${this.#onAltText}
      ></textarea>
      ${tooLong(altText, LONGEST_ALT_TEXT)}
      ${
        isPlayed
          ? html`<moblog-item-captions
              .captions=${captions}
              .name=${name}
              @moblog-captions-changed=${this.#onCaptions}
            ></moblog-item-captions>`
          : nothing
      }
    </div>`
  }

  #thumb(): TemplateResult {
    const { upload } = this
    if (typeof this.found === 'string') return html`<img src=${this.found} alt="" />`
    const file = upload?.file ?? this.recorded ?? this.found
    const [kind] = (upload?.mimeType ?? file?.type ?? '').split('/')
    const icon = () =>
      (kind === 'image' ? icons.image : moreIcons[kind === 'audio' ? 'microphone' : 'film'])()
    if (!file || !/^(image|video)\//.test(file.type)) return icon()
    if (this.#shown?.file !== file) {
      this.#forgetAddress()
      this.#shown = { file, address: URL.createObjectURL(file) }
    }
    const { address } = this.#shown
    if (address === this.broken) return icon()
    const noteBroken = () => {
      this.broken = address
    }
    return file.type.startsWith('image/')
      ? html`<img src=${address} alt="" @error=${noteBroken} />`
      : html`<video src=${`${address}#t=0.001`} muted playsinline preload="metadata" aria-hidden="true"></video>`
  }

  #forgetAddress(): void {
    if (this.#shown) URL.revokeObjectURL(this.#shown.address)
    this.#shown = null
  }

  readonly #onAltText = ({ target }: Event) => {
    if (target instanceof HTMLTextAreaElement)
      this.tell<ItemChanges>('moblog-item-changed', { altText: target.value })
  }

  readonly #onCaptions = ({ detail }: CustomEvent<readonly DraftCaptions[]>) => {
    this.tell<ItemChanges>('moblog-item-changed', { captions: detail })
  }
}

function pauseButton({ id, state }: Upload): TemplateResult | typeof nothing {
  const button = (text: string, act: () => void) =>
    html`<button class="button plain" type="button" @click=${act}>${text}</button>`
  if (state === 'PAUSED') return button(uploadWords().resume, () => appUploads().resume(id))
  if (state !== 'SENDING' && state !== 'WAITING' && state !== 'OFFLINE') return nothing
  return button(uploadWords().pause, () => appUploads().pause(id))
}

customElements.define('moblog-composer-item', MoblogComposerItem)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-composer-item': MoblogComposerItem
  }
}
