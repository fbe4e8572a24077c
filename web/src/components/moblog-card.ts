import { css, html, nothing } from 'lit'
import type { MoblogCardFragment, PostCardFragment } from '../../../generated/graphql/web.ts'
import { addressOf } from '../app/routes.ts'
import { controls } from '../design/controls.ts'
import { icons } from '../design/icons.ts'
import { MoblogElement } from '../element.ts'
import './avatar.ts'
import { time } from './time.ts'

/** A moblog in a list, with its newest posts if the list has read them. */
export type ListedMoblog = MoblogCardFragment & { posts?: { edges: readonly { node: PostCardFragment }[] } }

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
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .title {
        font: 700 var(--text-l) / var(--line-tight) var(--font-title);
      }
      .soft {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
      .about {
        display: -webkit-box;
        overflow: hidden;
        color: var(--color-ink-soft);
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        line-clamp: 2;
      }
      .strip {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-1);
        overflow: hidden;
        border-radius: var(--radius-m);
      }
      .strip img,
      .strip span {
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
    const media = (moblog.posts?.edges ?? [])
      .flatMap(({ node }) => node.media)
      .filter(({ access }) => access !== null)
    return html`<a href=${addressOf({ name: 'moblog', id })}>
      <span class="owner">
        <moblog-avatar .person=${owner}></moblog-avatar>
        <span class="text">
          <strong class="title"><bdi>${title === '' ? name : title}</bdi></strong>
          <span class="soft"><bdi>${title === '' ? `@${owner?.handle}` : name}</bdi> · ${time(updatedAt)}</span>
        </span>
      </span>
      ${about === null ? nothing : html`<span class="about" dir="auto">${about}</span>`}
      ${
        media.length < 3
          ? nothing
          : html`<span class="strip">${media.slice(0, 3).map(({ kind, access }) => {
              const url = kind === 'IMAGE' ? (access?.progressiveUrl ?? access?.url) : access?.posterUrl
              return url
                ? html`<img src=${url} alt="" loading="lazy" decoding="async" />`
                : html`<span>${icons.film()}</span>`
            })}</span>`
      }
    </a>`
  }
}

customElements.define('moblog-card', MoblogCard)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-card': MoblogCard
  }
}
