import { css, html, nothing } from 'lit'
import { controls } from '../design/controls.ts'
import { moreIcons } from '../design/more-icons.ts'
import { MoblogElement } from '../element.ts'
import { focused } from '../focused.ts'
import { followBarAtEnd } from './bar-at-end.ts'
import { words } from './messages.ts'

const SHOWN_MS = 10_000
// Between the notice and a short message above it.
const GAP = 8

/** What the user can do about something that was just done. */
export type NoticeAction = { label: string; act: () => void }

/**
 * Says what was done, with buttons, for example to undo it. It takes the place of the notice before.
 *
 * @param stays whether it stays until the user closes it
 */
export function showNotice(text: string, actions: readonly NoticeAction[], stays = false): void {
  closeNotices()
  const notice = document.createElement('moblog-notice')
  Object.assign(notice, { text, actions, stays })
  document.body.append(notice)
}

/** Closes what was said before. */
export function closeNotices(): void {
  for (const notice of document.querySelectorAll('moblog-notice')) notice.remove()
}

/**
 * A short message with buttons above the navigation. The user closes it with its button or with Escape. It removes itself
 * when they go to another screen or after a time, but not while they point at it or are in it with the keyboard, and not if
 * it stays.
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
  stays = false
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #before = focused()
  readonly #connected = new AbortController()

  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        inset-inline: var(--space-4);
        z-index: 5;
        display: grid;
        justify-items: center;
        pointer-events: none;
        /* Above the navigation, and above the field for comments, which tells how high it is. */
        inset-block-end: calc(var(--navigation) + var(--field-at-end, 0px) + var(--space-2) + env(safe-area-inset-bottom));
      }
      .notice {
        display: grid;
        grid-template: "text close" "acts acts" / 1fr auto;
        align-items: center;
        gap: 0 var(--space-2);
        max-inline-size: 30rem;
        padding-block: var(--space-1);
        padding-inline: var(--space-4) var(--space-1);
        border-radius: var(--radius-l);
        background: var(--color-ink);
        color: var(--color-paper);
        font-size: var(--text-s);
        box-shadow: var(--shadow-2);
        pointer-events: auto;
      }
      p {
        grid-area: text;
        margin: 0;
        padding-block: var(--space-2);
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        grid-area: acts;
        justify-content: flex-end;
        gap: 0 var(--space-2);
      }
      .icon-button {
        grid-area: close;
        align-self: start;
      }
      button:not(.icon-button) {
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
            translate: 0 1rem;
            opacity: 0;
          }
        }
      }
      /* There, the field is at the end of the page. */
      @media (max-height: 480px) {
        :host {
          --field-at-end: 0px;
        }
      }
      @media (min-width: 600px) {
        .notice {
          grid-template: "text acts close" / 1fr auto auto;
        }
      }
      @media (min-width: 900px) {
        :host {
          inset-block-end: calc(var(--field-at-end, 0px) + var(--space-5));
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
    addEventListener('hashchange', this.#leave)
    addEventListener('keydown', this.#key)
    followBarAtEnd(this.#connected.signal)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#leave)
    removeEventListener('keydown', this.#key)
    this.#connected.abort()
    this.#stay()
    if (!document.querySelector('moblog-notice')) tellHeight(0)
  }

  protected override firstUpdated(): void {
    // Readers of the screen hear what appears in a status, and not what is in it from the beginning.
    setTimeout(() => {
      this.isEmpty = false
    })
    this.#goLater()
  }

  protected override updated(): void {
    const notice = this.renderRoot.querySelector<HTMLElement>('.notice')
    tellHeight(notice ? notice.offsetHeight + GAP : 0)
  }

  protected override render() {
    return html`<div role="status">
      ${
        this.isEmpty
          ? nothing
          : html`<div class="notice" @pointerenter=${this.#stay} @pointerleave=${this.#goLater} @focusin=${this.#stay} @focusout=${this.#goLater}>
              <p>${this.text}</p>
              <div class="acts">${this.actions.map(({ label, act }) => html`<button type="button" @click=${() => this.#do(act)}>${label}</button>`)}</div>
              <button type="button" class="icon-button" aria-label=${words().close} @click=${this.#close}>${moreIcons.close()}</button>
            </div>`
      }
    </div>`
  }

  readonly #goLater = () => {
    this.#stay()
    if (this.stays) return
    this.#timer = setTimeout(this.#go, SHOWN_MS)
  }

  readonly #go = () => this.remove()

  readonly #leave = () => {
    if (!this.stays) this.#go()
  }

  readonly #stay = () => clearTimeout(this.#timer)

  readonly #key = ({ key, defaultPrevented }: KeyboardEvent) => {
    if (key === 'Escape' && !defaultPrevented) this.#close()
  }

  readonly #close = () => {
    const hadFocus = this.matches(':focus-within')
    this.remove()
    // Otherwise, the keyboard would begin at the top of the page again.
    if (hadFocus && this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true })
  }

  #do(act: () => void): void {
    this.#close()
    act()
  }
}

/** Tells how high the notice is, because short messages float above it. */
function tellHeight(height: number): void {
  document.documentElement.style.setProperty('--notice', `${height}px`)
}

customElements.define('moblog-notice', MoblogNotice)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-notice': MoblogNotice
  }
}
