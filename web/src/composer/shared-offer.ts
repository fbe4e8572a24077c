import { css, html, nothing, type TemplateResult } from 'lit'
import { pageUserId } from '../data/session-store.ts'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { byteSize } from '../i18n/format.ts'
import { forgetShared, NOT_SHARED, type Shared, sharedWith } from '../uploads/share-target.ts'
import { MOST_ITEMS } from './draft.ts'
import { words } from './messages.ts'

/**
 * Shows what was shared with the app. Any page can share something, so nothing is uploaded or written into the draft
 * until the user adds it: then the event `moblog-shared-added` has it.
 */
export class MoblogSharedOffer extends MoblogElement {
  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: var(--space-3);
        margin-block-end: var(--space-4);
        padding: var(--space-4);
        border: 1px dashed var(--color-line-strong);
        border-radius: var(--radius-l);
      }
      h2 {
        font-size: var(--text-m);
      }
      p,
      li {
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      .note {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
      .end {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        justify-content: end;
      }
    `,
  ]
  static override properties = { shared: { state: true }, isLost: { state: true } }
  declare private shared: readonly Shared[]
  /** Whether something was shared that could not be kept. */
  declare private isLost: boolean

  constructor() {
    super()
    this.shared = []
    this.isLost = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.isLost = location.hash === NOT_SHARED
    // It is said once, and not again when the page is loaded again.
    if (this.isLost) history.replaceState(history.state, '', '#/write')
    const userId = pageUserId()
    if (userId === null) return
    void sharedWith(userId)
      .then((shared) => {
        this.shared = shared
      })
      .catch(() => {})
  }

  protected override render() {
    const { notShared, shared } = words()
    return html`${this.isLost ? html`<section aria-label=${shared} role="alert"><p>${notShared}</p></section>` : nothing}
    ${this.shared.map((each) => this.#offer(each))}`
  }

  #offer(shared: Shared): TemplateResult {
    const { title, text, files, leftOut } = shared
    const { addShared, discardShared, leftOut: left, shared: heading, sharedNote } = words()
    return html`<section aria-label=${heading}>
      <h2>${heading}</h2>
      ${[title, text].filter(Boolean).map((line) => html`<p dir="auto">${line}</p>`)}
      <ul>
        ${files.map(({ name, size }) => html`<li><bdi>${name}</bdi> · ${byteSize(size)}</li>`)}
      </ul>
      ${leftOut > 0 ? html`<p class="note">${left(leftOut, MOST_ITEMS)}</p>` : nothing}
      <p class="note">${sharedNote}</p>
      <div class="end">
        <button class="button quiet" type="button" @click=${() => this.#discard(shared)}>${discardShared}</button>
        <button class="button" type="button" @click=${() => this.#add(shared)}>${addShared}</button>
      </div>
    </section>`
  }

  #add(shared: Shared): void {
    this.#hide(shared)
    this.tell('moblog-shared-added', shared)
  }

  #discard(shared: Shared): void {
    this.#hide(shared)
    void forgetShared(shared.id).catch(() => {})
  }

  #hide(shared: Shared): void {
    this.shared = this.shared.filter(({ id }) => id !== shared.id)
  }
}

customElements.define('moblog-shared-offer', MoblogSharedOffer)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-shared-offer': MoblogSharedOffer
  }
}
