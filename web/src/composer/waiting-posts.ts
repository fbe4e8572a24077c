import { css, html, nothing } from 'lit'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import type { Draft } from './draft.ts'
import { readinessOf } from './media-ids.ts'
import { words } from './messages.ts'
import { pendingPosts, pendingPostsChanges } from './pending-posts.ts'
import { stopPost, takeBack } from './stop-post.ts'
import './unsent-posts.ts'
import { shareOf } from './upload-share.ts'
import { waitingStyle } from './waiting-style.ts'

/**
 * The user's posts that are published when their uploads are finished, and how far those are, and posts that the server has
 * not accepted.
 */
export class MoblogWaitingPosts extends MoblogElement {
  static override styles = [
    controls,
    waitingStyle,
    css`
      :host {
        padding: var(--space-2) var(--space-3);
      }
      @media (min-width: 900px) {
        :host {
          padding-inline: 0;
        }
      }
    `,
  ]
  #stop: AbortController | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = new AbortController()
    const { signal } = this.#stop
    const update = () => this.requestUpdate()
    appUploads().addEventListener('change', update, { signal })
    pendingPostsChanges.addEventListener('change', update, { signal })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.abort()
  }

  protected override render() {
    const drafts = pendingPosts()
    // Without posts, it takes no room in the layout around it.
    this.hidden = drafts.length === 0
    if (this.hidden) return nothing
    return html`<ul aria-label=${words().waitingPosts}>
      ${drafts.map((draft) => this.#post(draft))}
    </ul>`
  }

  #post(draft: Draft) {
    const { text, items, problem } = draft
    if (problem !== null) return refusedPost(draft, problem)
    const find = (id: string) => appUploads().get(id)
    const hasFailed = appUploads().isLoaded && readinessOf(draft, find).kind === 'FAILED'
    return html`<li>
      ${text === '' ? nothing : html`<p class="text" dir="auto">${text}</p>`}
      <p class="state" role="status">${icons.clock()} ${hasFailed ? words().stuck : words().queued}</p>
      <progress aria-label=${words().uploads} max="1" value=${shareOf(items, find)}></progress>
      <button type="button" class="button plain" @click=${() => void stopPost(draft)}>${words().stopPost}</button>
    </li>`
  }
}

function refusedPost(draft: Draft, problem: string) {
  const { discardPost, editPost } = words()
  const { text } = draft
  return html`<li class="refused">
    ${text === '' ? nothing : html`<p class="text" dir="auto">${text}</p>`}
    <p class="state" role="alert">${icons.warning()} ${problem}</p>
    <div class="choices">
      <button type="button" class="button quiet" @click=${() => takeBack(draft, 'edit')}>${editPost}</button>
      <button type="button" class="button plain" @click=${() => void stopPost(draft)}>${discardPost}</button>
    </div>
  </li>`
}

customElements.define('moblog-waiting-posts', MoblogWaitingPosts)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-waiting-posts': MoblogWaitingPosts
  }
}
