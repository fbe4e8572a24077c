import { css, html, type TemplateResult } from 'lit'
import { followPreparation } from '../data/follow-preparation.ts'
import type { MediaItem } from '../data/media-item.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import type { MoblogPlayer } from '../player/moblog-player.ts'
import { words } from './messages.ts'

// Loaded with the first post that shows media, because it is not needed to read texts.
const loadPlayer = () => import('../player/moblog-player.ts')
let isLoaded = false

// Of the last second, nothing is left to play.
const END_SECONDS = 1

// Where films and recordings were left during this visit, in seconds.
const positions = new Map<string, number>()

/**
 * The media of a post, in its order: a player for each film and recording, and all pictures side by side, to swipe through,
 * where the first of them is.
 */
export class MoblogPostMedia extends MoblogElement {
  static override properties = { media: { attribute: false }, isOwn: { attribute: false } }
  declare media: readonly MediaItem[]
  /** Whether the viewer owns the media. */
  declare isOwn: boolean
  /** Ends when other media, or none, are being prepared. */
  #following = new AbortController()
  #prepared = ''

  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-2);
    }
    .stage {
      aspect-ratio: var(--ratio, 1.5);
      max-block-size: var(--moblog-player-max-height, 34rem);
      background: var(--color-sunken);
    }
    .notice {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      margin-inline: var(--space-4);
      padding: var(--space-3) var(--space-4);
      border-radius: var(--radius-m);
      background: var(--color-sunken);
      color: var(--color-ink-soft);
      font-size: var(--text-s);
    }
    /* On a phone, a portrait film and its controls fit between the head of its post and the field for comments. */
    @media (max-width: 899px) {
      :host {
        --moblog-player-max-height: max(16rem, min(34rem, 100svh - 20rem));
      }
    }
    /* On a wide and low screen, a portrait film fits between the head of its post and the field for comments. */
    @media (min-width: 900px) {
      :host {
        --moblog-player-max-height: max(16rem, 100svh - 18rem);
      }
    }
    /* On a phone that is held sideways, a film is as high as the screen above the navigation. */
    @media (max-height: 480px) {
      :host {
        --moblog-player-max-height: calc(100svh - var(--navigation) - var(--space-4));
      }
    }
    .sound {
      padding-inline: var(--space-4);
    }
  `

  constructor() {
    super()
    this.media = []
    this.isOwn = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
    if (isLoaded) return
    void loadPlayer().then(() => {
      isLoaded = true
      this.requestUpdate()
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#follow([])
    for (const { media, currentTime } of this.#players) {
      if (media && currentTime < (media.durationSeconds ?? Infinity) - END_SECONDS)
        positions.set(media.id, currentTime)
    }
  }

  get #players(): Iterable<MoblogPlayer> {
    return this.renderRoot.querySelectorAll('moblog-player')
  }

  protected override updated(): void {
    for (const player of this.#players) {
      const { id = '' } = player.media ?? {}
      const position = positions.get(id)
      if (position) player.currentTime = position
      positions.delete(id)
    }
    this.#follow(this.media.filter(({ state }) => state === 'PROCESSING').map(({ id }) => id))
  }

  #follow(ids: readonly string[]): void {
    if (ids.join() === this.#prepared) return
    this.#prepared = ids.join()
    this.#following.abort()
    this.#following = new AbortController()
    for (const id of ids) void followPreparation(id, this.#following.signal)
  }

  protected override render() {
    const shown = this.media.filter(({ access, kind }) => access !== null && kind !== null)
    const pictures = shown.filter(({ kind }) => kind === 'IMAGE')
    const missing = this.media.length > shown.length
    const items = shown.map((item) => {
      if (item.kind !== 'IMAGE') return this.#player(item)
      return item === pictures[0] ? this.#gallery(pictures) : null
    })
    return html`
      ${items}
      ${missing ? html`<p class="notice">${icons.image()} ${words().missing}</p>` : null}
    `
  }

  #gallery(pictures: readonly MediaItem[]): TemplateResult {
    if (!isLoaded) return stage(pictures[0])
    return html`<moblog-gallery .items=${pictures}></moblog-gallery>`
  }

  #player(item: MediaItem): TemplateResult {
    if (!isLoaded) return item.kind === 'VIDEO' ? stage(item) : html`<div class="sound"></div>`
    return html`<div class=${item.kind === 'AUDIO' ? 'sound' : ''}>
      <moblog-player .media=${item} .isOwn=${this.isOwn}></moblog-player>
    </div>`
  }
}

function stage(item: MediaItem | undefined): TemplateResult {
  const ratio = item?.width && item.height ? Math.max(0.8, item.width / item.height) : 1.5
  const colour = item?.dominantColor ? `; background-color: ${item.dominantColor}` : ''
  return html`<div class="stage" .style=${`--ratio: ${ratio}${colour}`}></div>`
}

customElements.define('moblog-post-media', MoblogPostMedia)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-post-media': MoblogPostMedia
  }
}
