import { css, html } from 'lit'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'

/** One of several views. */
export type Tab = { key: string; label: string }

/** Lets the user choose one of several views, which it tells with the event `moblog-tab`. Arrow keys move between them. */
export class MoblogTabs extends MoblogElement {
  static override properties = { tabs: { attribute: false }, chosen: {}, label: {} }
  declare tabs: readonly Tab[]
  declare chosen: string
  declare label: string

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      div {
        display: flex;
        padding: var(--space-1);
        border-radius: var(--radius-round);
        background: var(--color-sunken);
      }
      /* Equally wide as long as their names fit. */
      button {
        flex: 1;
        min-inline-size: max-content;
        min-block-size: var(--control);
        padding-inline: var(--space-2);
        border: 0;
        border-radius: var(--radius-round);
        background: none;
        color: var(--color-ink-soft);
        font-size: var(--text-s);
        font-weight: 600;
      }
      button[aria-selected="true"] {
        background: var(--color-lifted);
        color: var(--color-ink);
        box-shadow: var(--shadow-1);
      }
      @media (forced-colors: active) {
        button[aria-selected="true"] {
          background: Highlight;
          color: HighlightText;
          forced-color-adjust: none;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.tabs = []
    this.chosen = ''
    this.label = ''
  }

  protected override render() {
    return html`<div role="tablist" aria-label=${this.label} @keydown=${this.#move}>
      ${this.tabs.map(
        ({ key, label }) => html`<button
          type="button"
          role="tab"
          aria-selected=${key === this.chosen}
          tabindex=${key === this.chosen ? 0 : -1}
          @click=${() => this.tell('moblog-tab', key)}
        >
          ${label}
        </button>`,
      )}
    </div>`
  }

  readonly #move = (event: KeyboardEvent) => {
    // Not `:dir()`, with which older browsers throw.
    const isRtl = getComputedStyle(this).direction === 'rtl'
    const steps: Record<string, number> = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const index = this.tabs.findIndex(({ key }) => key === this.chosen) + step
    const next = this.tabs.at(index % this.tabs.length)
    if (!next) return
    this.tell('moblog-tab', next.key)
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus(),
    )
  }
}

customElements.define('moblog-tabs', MoblogTabs)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-tabs': MoblogTabs
  }
}
