import { css, html } from 'lit'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { words } from './messages.ts'

/** The end of a list that goes on: it asks for more shortly before it becomes visible, and when it is pressed. */
export class MoblogMore extends MoblogElement {
  static override properties = { waiting: { type: Boolean } }
  declare waiting: boolean
  #observer: IntersectionObserver | null = null

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        justify-items: center;
        padding: var(--space-3);
      }
    `,
  ]

  constructor() {
    super()
    this.waiting = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && this.#ask(), {
      rootMargin: '600px',
    })
    this.#observer.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#observer?.disconnect()
  }

  protected override updated(): void {
    // Looks again, because the next page may be shorter than the screen.
    if (this.waiting) return
    this.#observer?.unobserve(this)
    this.#observer?.observe(this)
  }

  protected override render() {
    return html`<button type="button" class="button quiet" ?disabled=${this.waiting} @click=${this.#ask}>
      ${words().loadMore}
    </button>`
  }

  readonly #ask = () => {
    if (!this.waiting) this.tell('moblog-more', null)
  }
}

customElements.define('moblog-more', MoblogMore)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-more': MoblogMore
  }
}
