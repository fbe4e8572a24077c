import { css, html, nothing, type TemplateResult } from 'lit'
import { tooLong } from '../components/fields/too-long.ts'
import { toast } from '../components/toast.ts'
import { controls } from '../design/controls.ts'
import { alongRow, oneLine } from '../design/cut-text.ts'
import { moreIcons } from '../design/more-icons.ts'
import { MoblogElement } from '../element.ts'
import { labelFor } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import {
  type DraftCaptions,
  isCaptionsFile,
  LONGEST_LABEL,
  languageInName,
  MOST_CAPTION_BYTES,
  MOST_CAPTIONS,
  nameOfLanguage,
} from './captions-file.ts'
import { captionsProblem } from './captions-problem.ts'
import { forgetCaptionsText, keepCaptionsText } from './captions-store.ts'
import { words } from './messages.ts'

const LANGUAGES =
  'ar bn de en es fa fr hi id it ja ko nl pl pt ru sv sw th tr uk ur vi yue zh-Hans zh-Hant'.split(' ')

/** The captions that a draft adds to one audio or video file. */
export class MoblogItemCaptions extends MoblogElement {
  static override properties = { captions: { attribute: false }, name: {}, refused: { state: true } }
  declare captions: readonly DraftCaptions[]
  /** The name of the media file. */
  declare name: string
  /** What is wrong with the file that was chosen last; null if it was added. */
  declare private refused: string | null

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      li {
        display: grid;
        grid-template-columns: 1fr 1fr auto;
        align-items: end;
        gap: var(--space-2);
        padding-block: var(--space-2);
      }
      .file,
      li .error {
        grid-column: 1 / -1;
      }
      .file {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
        ${alongRow}
        ${oneLine}
      }
      .input {
        padding-inline: var(--space-3);
      }
      label.button {
        position: relative;
        justify-self: start;
        padding-inline: var(--space-2);
      }
      label.button:focus-within {
        outline: 3px solid var(--color-accent-text);
        outline-offset: 2px;
      }
    `,
  ]

  constructor() {
    super()
    this.captions = []
    this.name = ''
    this.refused = null
  }

  protected override render() {
    const { addCaptions, captionsOf } = words()
    return html`
      ${this.refused === null ? nothing : html`<p class="error" dir="auto" role="alert">${this.refused}</p>`}
      ${
        this.captions.length === 0
          ? nothing
          : html`<ul aria-label=${captionsOf(this.name)}>
              ${this.captions.map((each) => this.#row(each))}
            </ul>`
      }
      ${
        this.captions.length >= MOST_CAPTIONS
          ? nothing
          : html`<label class="button plain">
              ${addCaptions}
              <input
                class="only-heard"
                type="file"
                accept=".vtt,.srt,text/vtt"
                aria-label=${labelFor(addCaptions, this.name)}
                @change=${this.#onFile}
              />
            </label>`
      }
    `
  }

  #row(each: DraftCaptions): TemplateResult {
    const { captionsLabel, captionsLanguage, removeCaptions } = words()
    const used = this.captions.filter((other) => other !== each).map((other) => other.language)
    const tags = LANGUAGES.includes(each.language) ? LANGUAGES : [...LANGUAGES, each.language]
    const names = new Intl.DisplayNames([language()], { type: 'language' })
    const order = new Intl.Collator(language())
    const offered = tags
      .map((tag) => ({ tag, name: names.of(tag) ?? tag }))
      .sort((one, other) => order.compare(one.name, other.name))
    return html`<li>
      <span class="file" dir="auto">${each.fileName}</span>
      <label class="field"><span>${captionsLanguage}</span>
        <select class="input" @change=${(event: Event) => this.#onLanguage(each, event)}>
          ${offered.map(
            ({ tag, name }) =>
              html`<option value=${tag} ?selected=${tag === each.language} ?disabled=${used.includes(tag)}>${name}</option>`,
          )}
        </select>
      </label>
      <label class="field"><span>${captionsLabel}</span>
        <input
          class="input"
          dir="auto"
          .value=${each.label}
          @input=${(event: Event) => this.#onLabel(each, event)}
          @change=${(event: Event) => this.#onLabel(each, event)}
        />
      </label>
      <button class="icon-button" type="button" aria-label=${removeCaptions(each.label)} @click=${() => this.#remove(each)}>
        ${moreIcons.trash()}
      </button>
      ${tooLong(each.label, LONGEST_LABEL)}
    </li>`
  }

  readonly #onFile = async ({ target }: Event) => {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : null
    if (!(target instanceof HTMLInputElement) || !file) return
    // The same file can be chosen again.
    target.value = ''
    this.refused = null
    const { notCaptions, unreadableCaptions } = words()
    if (!isCaptionsFile(file.name) || file.size > MOST_CAPTION_BYTES) {
      this.refused = notCaptions(file.name)
      return
    }
    try {
      const text = await file.text()
      const problem = captionsProblem(text)
      if (problem) {
        this.refused = unreadableCaptions(file.name, problem.line, words()[problem.kind])
        return
      }
      const id = await keepCaptionsText(text)
      const used = this.captions.map((each) => each.language)
      const free = likelyLanguages().find((tag) => !used.includes(tag)) ?? 'en'
      const named = languageInName(file.name, free)
      const tag = used.includes(named) ? free : named
      this.#change([...this.captions, { id, fileName: file.name, language: tag, label: nameOfLanguage(tag) }])
    } catch {
      toast(words().notKept)
    }
  }

  #onLanguage(each: DraftCaptions, { target }: Event): void {
    if (!(target instanceof HTMLSelectElement)) return
    // A label that the user has not written follows the language.
    const isOwn = each.label !== nameOfLanguage(each.language)
    const label = isOwn ? each.label : nameOfLanguage(target.value)
    this.#replace(each, { ...each, language: target.value, label })
  }

  #onLabel(each: DraftCaptions, { target, type }: Event): void {
    if (!(target instanceof HTMLInputElement)) return
    const written = target.value.trim()
    // While the user types, the field may be empty for a moment, and end with a space.
    if (type === 'change') this.#replace(each, { ...each, label: written || nameOfLanguage(each.language) })
    else if (written !== '') this.#replace(each, { ...each, label: target.value })
  }

  #replace(before: DraftCaptions, after: DraftCaptions): void {
    this.#change(this.captions.map((each) => (each === before ? after : each)))
  }

  #remove(gone: DraftCaptions): void {
    this.#change(this.captions.filter((each) => each !== gone))
    void forgetCaptionsText(gone.id).catch(() => {})
  }

  #change(captions: readonly DraftCaptions[]): void {
    this.captions = captions
    this.tell('moblog-captions-changed', captions)
  }
}

/** The languages of captions, those first that the user is likely to have: their own, and then the most widely read. */
function likelyLanguages(): string[] {
  const own = navigator.languages.flatMap((tag) => [tag, tag.split('-', 1)[0] ?? tag])
  const known = own.filter((tag) => LANGUAGES.includes(tag))
  return [language(), ...known, 'en', 'es', 'zh-Hans', 'fr', ...LANGUAGES]
}

customElements.define('moblog-item-captions', MoblogItemCaptions)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-item-captions': MoblogItemCaptions
  }
}
