import { css, html, nothing } from 'lit'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'

const SHOWN_MS = 10_000

/** What the user can do about something that was just done. */
export type NoticeAction = { label: string; act: () => void }

/** Says what was done, with buttons, for example to undo it. It takes the place of the notice before. */
export function showNotice(text: string, actions: readonly NoticeAction[]): void {
  for (const old of document.querySelectorAll('moblog-notice')) old.remove()
  const notice = document.createElement('moblog-notice')
  Object.assign(notice, { text, actions })
  document.body.append(notice)
}

/**
 * A short message with buttons. It removes itself when the user goes to another screen or after a time, but not while they
 * point at it or are in it with the keyboard.
 */
export class MoblogNotice extends MoblogElement {
  static override properties = {
    text: {},
    actions: { attribute: false },
    isEmpty: { state: true },
  }
  declare text: string
  declare actions: readonly NoticeAction[]
  declare isEmpty: boolean
  #timer: ReturnType<typeof setTimeout> | undefined

  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        inset-block-start: calc(4.5rem + env(safe-area-inset-top));
        inset-inline: var(--space-4);
        z-index: 5;
        display: grid;
        justify-items: center;
        pointer-events: none;
      }
      .notice {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 0 var(--space-2);
        max-inline-size: 30rem;
        padding: var(--space-1) var(--space-2) var(--space-1) var(--space-4);
        border-radius: var(--radius-l);
        background: var(--color-ink);
        color: var(--color-paper);
        font-size: var(--text-s);
        box-shadow: var(--shadow-2);
        pointer-events: auto;
      }
      p {
        flex: 1 1 12rem;
        margin: 0;
        padding-block: var(--space-2);
      }
      button {
        min-inline-size: var(--control);
        min-block-size: var(--control);
        padding-inline: var(--space-3);
        border: 0;
        border-radius: var(--radius-round);
        background: none;
        color: inherit;
        font-size: inherit;
        font-weight: 700;
        text-decoration: underline;
        text-underline-offset: 0.25em;
      }
      button:focus-visible {
        outline-color: currentcolor;
        outline-offset: -4px;
      }
      @media (prefers-reduced-motion: no-preference) {
        .notice {
          animation: rise var(--time-calm) var(--ease);
        }
        @keyframes rise {
          from {
            translate: 0 -1rem;
            opacity: 0;
          }
        }
      }
      @media (min-width: 900px) {
        :host {
          inset-block: auto var(--space-5);
        }
      }
    `,
  ]

  constructor() {
    super()
    this.text = ''
    this.actions = []
    this.isEmpty = true
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('hashchange', this.#go)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#go)
    this.#stay()
  }

  protected override firstUpdated(): void {
    // Readers of the screen hear what appears in a status, and not what is in it from the beginning.
    setTimeout(() => {
      this.isEmpty = false
    })
    this.#goLater()
  }

  protected override render() {
    return html`<div role="status">
      ${
        this.isEmpty
          ? nothing
          : html`<div class="notice" @pointerenter=${this.#stay} @pointerleave=${this.#goLater} @focusin=${this.#stay} @focusout=${this.#goLater}>
              <p>${this.text}</p>
              ${this.actions.map(({ label, act }) => html`<button type="button" @click=${() => this.#do(act)}>${label}</button>`)}
            </div>`
      }
    </div>`
  }

  readonly #goLater = () => {
    this.#stay()
    this.#timer = setTimeout(this.#go, SHOWN_MS)
  }

  readonly #go = () => this.remove()

  readonly #stay = () => clearTimeout(this.#timer)

  #do(act: () => void): void {
    this.remove()
    act()
  }
}

customElements.define('moblog-notice', MoblogNotice)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-notice': MoblogNotice
  }
}
