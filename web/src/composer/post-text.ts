import { html, nothing, type TemplateResult } from 'lit'
import { tooLong } from '../components/fields/too-long.ts'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { showCaret } from './caret.ts'
import { MOST_CHARACTERS } from './draft.ts'
import { MentionSuggestions } from './mention-suggestions.ts'
import { words } from './messages.ts'
import { postTextStyle } from './post-text-style.ts'

/**
 * The field for the text of a post, with suggestions of friends to mention; in the composer and where a post is edited.
 * Event `moblog-text-changed` with the text after each change.
 */
export class MoblogPostText extends MoblogElement {
  static override styles = [controls, postTextStyle]
  static override properties = { text: { attribute: false } }
  declare text: string
  readonly #mentions = new MentionSuggestions(this)

  constructor() {
    super()
    this.text = ''
  }

  protected override render(): TemplateResult {
    const { activeId, close, follow, key } = this.#mentions
    return html`<div class="writing">
        <textarea
          class="text"
          dir="auto"
          rows="5"
          aria-label=${words().text}
          aria-autocomplete="list"
          aria-controls=${activeId === null ? nothing : 'mentions'}
          aria-activedescendant=${activeId ?? nothing}
          placeholder=${words().placeholder}
          .value=${this.text}
          @input=${this.#onInput}
          @selectionchange=${follow}
          @keyup=${follow}
          @click=${follow}
          @keydown=${key}
          @blur=${close}
        ></textarea>
        ${this.#mentions.render()}
      </div>
      ${tooLong(this.text, MOST_CHARACTERS)}`
  }

  readonly #onInput = (event: Event) => {
    const { target } = event
    if (!(target instanceof HTMLTextAreaElement)) return
    requestAnimationFrame(() => showCaret(target))
    this.text = target.value
    this.tell('moblog-text-changed', this.text)
    this.#mentions.follow(event)
  }
}

customElements.define('moblog-post-text', MoblogPostText)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-post-text': MoblogPostText
  }
}
