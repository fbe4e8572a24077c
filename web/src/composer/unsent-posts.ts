import { html, nothing } from 'lit'
import { words as commonWords } from '../components/messages.ts'
import { unsentPostsChanges } from '../data/outbox.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import { words } from './messages.ts'
import { stopSending } from './stop-post.ts'
import { missingIn } from './unsent-drafts.ts'
import { waitingStyle } from './waiting-style.ts'

/**
 * The user's posts that wait for the connection, as far as the list below does not show them. The cache adds a post only to
 * lists that it has. Sends `moblog-post-answered` when the server has answered one and there is no list.
 */
export class MoblogUnsentPosts extends MoblogElement {
  static override styles = [controls, waitingStyle]
  static override properties = { listed: { attribute: false } }
  /** What the list shows; null as long as it has nothing to show. */
  declare listed: readonly { id: string }[] | null
  #stop: AbortController | null = null
  #shownCount = 0

  constructor() {
    super()
    this.listed = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = new AbortController()
    const { signal } = this.#stop
    unsentPostsChanges.addEventListener('change', this.#change, { signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.abort()
  }

  readonly #change = () => {
    // The server has answered, so a list that could not be read may be readable now. It has the post.
    if (this.listed === null && missingIn(null).length < this.#shownCount)
      this.tell('moblog-post-answered', null)
    this.requestUpdate()
  }

  protected override render() {
    const drafts = missingIn(this.listed)
    this.#shownCount = drafts.length
    // Without posts, it takes no room in the layout around it.
    this.hidden = drafts.length === 0
    if (this.hidden) return nothing
    return html`<ul aria-label=${words().waitingPosts}>
      ${drafts.map(
        ({ clientMutationId, text }) => html`<li>
          ${text === '' ? nothing : html`<p class="text" dir="auto">${text}</p>`}
          <p class="state" role="status">${icons.clock()} ${commonWords().waiting}</p>
          <button type="button" class="button plain" @click=${() => void stopSending(clientMutationId)}>${words().stopPost}</button>
        </li>`,
      )}
    </ul>`
  }
}

customElements.define('moblog-unsent-posts', MoblogUnsentPosts)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-unsent-posts': MoblogUnsentPosts
  }
}
