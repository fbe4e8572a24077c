import { html, LitElement } from 'lit'
import { openClient } from '../data/client.ts'
import { openOutbox } from '../data/outbox.ts'
import { onSessionChange, readSession } from '../data/session-store.ts'

/** The root: the start page when signed out, otherwise the shell with the user's client. */
class MoblogApp extends LitElement {
  static override properties = { userId: { state: true } }
  declare userId: string | null
  #stop: (() => void) | null = null

  constructor() {
    super()
    this.userId = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = onSessionChange(() => this.#useSession())
    this.#useSession()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
  }

  // Elements of the start page and of the shell style themselves; the root needs no style of its own.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override render() {
    return this.userId === null
      ? html`<moblog-welcome-screen></moblog-welcome-screen>`
      : html`<moblog-shell></moblog-shell>`
  }

  #useSession(): void {
    const userId = readSession()?.userId ?? null
    // Another user starts anew, so that nothing of the user before stays in memory.
    if (this.userId !== null && userId !== this.userId) {
      location.reload()
      return
    }
    if (userId === null) void import('../screens/welcome/welcome-screen.ts')
    else if (this.userId === null) {
      openClient(userId)
      void openOutbox(userId)
      void import('./shell.ts')
    }
    this.userId = userId
  }
}

customElements.define('moblog-app', MoblogApp)
