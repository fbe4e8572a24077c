import { css, html } from 'lit'
import { isErased } from '../../data/account-erasure.ts'
import { type Farewell, forgetFarewell, readFarewell } from '../../data/farewell.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

const LOOK_AGAIN_MS = 2_000
const MOST_LOOKS = 30

/** What the user sees after deleting the account: what was deleted, and whether everything is erased by now. */
class MoblogFarewellScreen extends MoblogElement {
  static override properties = { isErased: { state: true } }
  declare isErased: boolean
  readonly #farewell: Farewell | null = readFarewell()
  #looks = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  static override styles = [
    controls,
    css`
      main {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: var(--space-4);
        min-block-size: 100dvh;
        inline-size: min(100%, 28rem);
        margin-inline: auto;
        padding: var(--space-6) var(--space-5);
      }
      .mark {
        display: grid;
        place-items: center;
        inline-size: 4rem;
        block-size: 4rem;
        border-radius: 50%;
        background: var(--color-accent-soft);
        color: var(--color-accent-text);
      }
      h1 {
        font: 700 var(--text-2xl) / var(--line-tight) var(--font-title);
        text-align: center;
        text-wrap: balance;
      }
      section {
        display: grid;
        gap: var(--space-3);
        inline-size: 100%;
        padding: var(--space-5);
        border-radius: var(--radius-l);
        background: var(--color-surface);
        box-shadow: var(--shadow-1);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
      }
      ul {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: var(--space-2);
      }
      li svg {
        flex: none;
        color: var(--color-accent-text);
      }
      .soft {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
      .goodbye {
        text-align: center;
        text-wrap: balance;
      }
    `,
  ]

  constructor() {
    super()
    this.isErased = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('h1')?.focus()
    void this.#look()
  }

  protected override render() {
    const { done, erased, erasing, goodbye, handle, title, what } = words()
    const { whatDevice, whatFriends, whatMedia, whatPosts } = words()
    const parts = [whatPosts, whatMedia, whatFriends, whatDevice]
    return html`<main>
      <span class="mark">${icons.check()}</span>
      <h1 tabindex="-1">${title}</h1>
      <section>
        <p>${what}</p>
        <ul>
          ${parts.map((part) => html`<li>${icons.check()} <span>${part}</span></li>`)}
        </ul>
        <p class="soft">${handle(this.#farewell?.handle ?? '')}</p>
        <p class="soft" role="status">${this.isErased ? erased : erasing}</p>
      </section>
      <p class="goodbye">${goodbye}</p>
      <button type="button" class="button" @click=${leave}>${done}</button>
    </main>`
  }

  async #look(): Promise<void> {
    this.#looks += 1
    // Without a connection, it says that the erasure goes on, which is true.
    this.isErased = await isErased(this.#farewell?.receipt ?? '').catch(() => false)
    if (this.isErased || this.#looks === MOST_LOOKS || !this.isConnected) return
    this.#timer = setTimeout(() => void this.#look(), LOOK_AGAIN_MS)
  }
}

function leave(): void {
  forgetFarewell()
  location.reload()
}

customElements.define('moblog-farewell-screen', MoblogFarewellScreen)
