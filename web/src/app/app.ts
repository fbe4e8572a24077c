import { html, LitElement } from 'lit'
import { openClient } from '../data/client.ts'
import { openOutbox } from '../data/outbox.ts'
import { onSessionChange, readSession, removeSession, serverNow, showUser } from '../data/session-store.ts'
import { markToForget, usersToForget } from '../data/users-to-forget.ts'
import { followClock } from '../player/server-clock.ts'
import { forgetMedia } from './forget-media.ts'
import { lostNotice } from './lost-notice.ts'

followClock(serverNow)

/** The root: the start page when signed out, otherwise the shell with the user's client. */
class MoblogApp extends LitElement {
  static override properties = { userId: { state: true }, isLost: { state: true } }
  declare userId: string | null
  declare isLost: boolean
  #connected: AbortController | null = null
  #isStarted = false

  constructor() {
    super()
    this.userId = null
    this.isLost = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#connected = new AbortController()
    const { signal } = this.#connected
    signal.addEventListener(
      'abort',
      onSessionChange(() => this.#useSession()),
    )
    // A page that was asleep has not heard of another user who has signed in meanwhile.
    addEventListener('pageshow', () => this.#useSession(), { signal })
    document.addEventListener('visibilitychange', () => this.#useSession(), { signal })
    void this.#start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#connected?.abort()
  }

  // Elements of the start page and of the shell style themselves; the root needs no style of its own. What index.html shows
  // until they are loaded is behind them.
  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.firstChild
    return this
  }

  protected override render() {
    if (this.isLost) return lostNotice(() => location.reload())
    return this.userId === null
      ? html`<moblog-welcome-screen></moblog-welcome-screen>`
      : html`<moblog-shell></moblog-shell>`
  }

  /** Deletes first what is left of users who have signed out. */
  async #start(): Promise<void> {
    const users = usersToForget()
    for (const { userId } of users) removeSession(userId)
    // If it cannot be loaded, the users stay marked for the next start.
    if (users.length > 0)
      await import('./forget-device.ts').then((file) => file.forgetUsers()).catch(() => {})
    this.#isStarted = true
    this.#useSession()
  }

  #load(code: Promise<unknown>): void {
    code.catch(() => {
      this.isLost = true
    })
  }

  #useSession(): void {
    if (!this.#isStarted) return
    const userId = readSession()?.userId ?? null
    // Another user starts anew, so that nothing of the user before stays in memory.
    if (this.userId !== null && userId !== this.userId) {
      markToForget(this.userId)
      // The screen was that of the user before.
      history.replaceState(null, '', '#/')
      location.reload()
      return
    }
    if (userId === null) {
      this.#load(import('../screens/welcome/welcome-screen.ts'))
      // What was shared without a session must not wait for just any user who signs in.
      void import('../uploads/share-target.ts')
        .then(({ forgetUnclaimed }) => forgetUnclaimed())
        .catch(() => {})
    }
    if (userId !== null && this.userId === null) {
      showUser(userId)
      openClient(userId, openOutbox(userId), forgetMedia)
      this.#load(import('./shell.ts'))
    }
    this.userId = userId
  }
}

customElements.define('moblog-app', MoblogApp)
