import { css, html, nothing, type TemplateResult } from 'lit'
import type { MoblogCardFragment, MoblogPreviewFragment } from '../../../generated/graphql/web.ts'
import { addressOf } from '../app/routes.ts'
import { controls } from '../design/controls.ts'
import { alongRow, fewLines, oneLine } from '../design/cut-text.ts'
import { icons } from '../design/icons.ts'
import { narrowClass } from '../design/narrow.ts'
import { MoblogElement } from '../element.ts'
import { freshAddress } from './fresh-address.ts'
import { hideBroken } from './hide-broken.ts'
import './avatar.ts'
import { time } from './time.ts'

/** A moblog in a list, with its newest posts if the list has read them. */
export type ListedMoblog = MoblogCardFragment & { posts?: MoblogPreviewFragment['posts'] }

type Preview = MoblogPreviewFragment['posts']['edges'][number]['node']

/** A moblog in a list: its owner, what it is about, and pictures from its newest posts. */
export class MoblogCard extends MoblogElement {
  static override properties = { moblog: { attribute: false } }
  declare moblog: ListedMoblog | null

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      a {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        padding: var(--space-4);
        border-radius: var(--radius-l);
        background: var(--color-surface);
        box-shadow: var(--shadow-1);
      }
      .owner {
        display: flex;
        align-items: center;
        gap: var(--space-3);
      }
      .text {
        flex: 1;
        min-inline-size: 0;
      }
      .text > * {
        display: block;
        ${alongRow}
        ${oneLine}
      }
      .title {
        font: 700 var(--text-l) / var(--line-tight) var(--font-title);
      }
      .title.narrow {
        font-variant-east-asian: proportional-width;
      }
      .soft {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
      .about,
      .newest [dir] {
        ${fewLines(2)}
      }
      .newest [dir] {
        flex: 1;
      }
      .about {
        color: var(--color-ink-soft);
      }
      .newest {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .newest > svg {
        flex: none;
        color: var(--color-ink-soft);
      }
      .newest [dir] {
        min-inline-size: 0;
      }
      .newest .small:first-of-type {
        margin-inline-start: auto;
      }
      .newest .small {
        flex: none;
        inline-size: 4rem;
        border-radius: var(--radius-m);
      }
      .strip {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-1);
        overflow: hidden;
        border-radius: var(--radius-m);
      }
      .small {
        display: grid;
        place-items: center;
        inline-size: 100%;
        aspect-ratio: 1;
        object-fit: cover;
        background: var(--color-sunken);
        color: var(--color-ink-soft);
      }
    `,
  ]

  constructor() {
    super()
    this.moblog = null
  }

  protected override render() {
    const { moblog } = this
    if (!moblog) return null
    const { id, owner, title, about, updatedAt } = moblog
    const name = owner?.displayName ?? ''
    const posts = (moblog.posts?.edges ?? []).map(({ node }) => node)
    return html`<a href=${addressOf({ name: 'moblog', id })}>
      <span class="owner">
        <moblog-avatar .person=${owner}></moblog-avatar>
        <span class="text">
          <strong class="title ${narrowClass(title || name)}" dir="auto">${title || name}</strong>
          <span class="soft"><bdi>${title === '' ? `@${owner?.handle}` : name}</bdi> · ${time(updatedAt)}</span>
        </span>
      </span>
      ${about === null ? nothing : html`<span class="about" dir="auto">${about}</span>`}
      ${preview(posts)}
    </a>`
  }
}

/** Shows small pictures of the newest posts, and what the newest post says if there are too few for a row. */
function preview(posts: readonly Preview[]): TemplateResult | typeof nothing {
  const pictures = posts
    .filter(({ contentWarning }) => contentWarning === null)
    .flatMap(({ media }) => media)
    .filter(({ access }) => access?.imageUrl)
    .slice(0, 3)
  if (pictures.length === 3) return html`<span class="strip">${pictures.map(picture)}</span>`
  const [newest] = posts
  const text = newest && (newest.contentWarning ?? newest.text)
  if (!text && pictures.length === 0) return nothing
  const warning = newest?.contentWarning ? icons.warning() : nothing
  return html`<span class="newest">${warning}<span dir="auto">${text}</span>${pictures.map(picture)}</span>`
}

// Decoration: what the pictures show is described where the post is.
function picture({ access, dominantColor }: Preview['media'][number]): TemplateResult {
  const colour = `background-color: ${dominantColor ?? ''}`
  return html`<img class="small" src=${freshAddress(access?.imageUrl, access)} alt="" loading="lazy" decoding="async" .style=${colour} @error=${hideBroken} />`
}

customElements.define('moblog-card', MoblogCard)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-card': MoblogCard
  }
}
