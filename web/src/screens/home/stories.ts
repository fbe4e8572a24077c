import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { FriendMoblogsDocument, OwnProfileDocument } from '../../../../generated/graphql/web.ts'
import { addressOf } from '../../app/routes.ts'
import '../../components/avatar.ts'
import { type FriendMoblog, onlineFirst } from '../../data/home-feed.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { oneLine } from '../../design/cut-text.ts'
import { icons } from '../../design/icons.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

const MOST = 50

/** Friends in a row, with a ring around those who have posted something that the viewer has not seen. */
class MoblogStories extends MoblogElement {
  readonly #moblogs = new Query(this, FriendMoblogsDocument, () => ({ first: MOST }))
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      ul {
        display: flex;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3) var(--space-3);
        overflow-x: auto;
        overscroll-behavior-x: contain;
        scrollbar-width: none;
      }
      li {
        flex: none;
      }
      a {
        display: grid;
        justify-items: center;
        gap: var(--space-1);
        inline-size: max(76px, 4.75rem);
        border-radius: var(--radius-m);
        font-size: var(--text-xs);
      }
      .name {
        inline-size: 100%;
        text-align: center;
        ${oneLine}
      }
      .ring {
        position: relative;
        padding: 3px;
        border-radius: 50%;
        background: var(--color-line);
      }
      .ring.new {
        background: linear-gradient(45deg, var(--color-accent), var(--color-like));
        outline: 2px solid transparent;
      }
      .ring.own {
        background: none;
      }
      moblog-avatar {
        --size: 60px;
        --around: var(--color-paper);
        border: 3px solid var(--color-paper);
        border-radius: 50%;
        background: var(--color-paper);
      }
      .plus {
        position: absolute;
        inset-block-end: 2px;
        inset-inline-end: 2px;
        display: grid;
        place-items: center;
        inline-size: 24px;
        block-size: 24px;
        border: 2px solid var(--color-paper);
        border-radius: 50%;
        background: var(--color-accent);
        color: var(--color-accent-ink);
      }
      .plus svg {
        inline-size: 16px;
        block-size: 16px;
      }
      .seen .name {
        color: var(--color-ink-soft);
      }
      @media (hover: hover) {
        a:hover .name {
          text-decoration: underline;
        }
      }
      @media (min-width: 900px) {
        ul {
          padding-inline: 0;
        }
      }
    `,
  ]

  protected override render() {
    const moblogs = this.#moblogs.data?.friendMoblogs.edges.map(({ node }) => node) ?? []
    // The row is there before the friends are read, so that nothing below it moves.
    return html`<ul aria-label=${words().friendMoblogs}>
      ${this.#own()}
      ${repeat(
        onlineFirst(moblogs),
        ({ id }) => id,
        (moblog) => story(moblog),
      )}
    </ul>`
  }

  #own(): TemplateResult {
    return html`<li>
      <a href=${addressOf({ name: 'write' })}>
        <span class="ring own">
          <moblog-avatar .person=${this.#profile.data?.viewer ?? null}></moblog-avatar>
          <span class="plus">${icons.plus()}</span>
        </span>
        <span class="name">${words().share}</span>
      </a>
    </li>`
  }
}

function story({ id, owner, unseenCount }: FriendMoblog): TemplateResult {
  const { online, unseen } = words()
  const facts = [...(unseenCount > 0 ? [unseen(unseenCount)] : []), ...(owner?.isOnline ? [online] : [])]
  return html`<li>
    <a class=${unseenCount > 0 ? '' : 'seen'} href=${addressOf({ name: 'moblog', id })}>
      <span class=${unseenCount > 0 ? 'ring new' : 'ring'}>
        <moblog-avatar .person=${owner} ?online=${owner?.isOnline}></moblog-avatar>
      </span>
      <span class="name" dir="auto">${owner?.displayName}</span>
      ${facts.length > 0 ? html`<span class="only-heard">${facts.join(', ')}</span>` : nothing}
    </a>
  </li>`
}

customElements.define('moblog-stories', MoblogStories)
