import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { addressOf } from '../../app/routes.ts'
import '../../components/avatar.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { type FriendMoblog, homeFeed, mergePosts } from '../../data/home-feed.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import '../discover/suggestions.ts'
import { words } from './messages.ts'

const NEW_MS = 24 * 3_600_000

/** What friends have shared: their moblogs in a row, then all posts. */
class MoblogHomeScreen extends MoblogElement {
  readonly #feed = new PagedQuery(this, homeFeed.document, () => ({}), homeFeed.listIn)

  static override styles = [
    controls,
    screen,
    css`
      .friends {
        display: flex;
        gap: var(--space-3);
        padding: var(--space-2) var(--space-4) var(--space-3);
        overflow-x: auto;
        scrollbar-width: none;
      }
      .friends a {
        display: grid;
        flex: none;
        justify-items: center;
        gap: var(--space-1);
        inline-size: 4.5rem;
        border-radius: var(--radius-m);
        font-size: var(--text-xs);
      }
      .friends span {
        inline-size: 100%;
        overflow: hidden;
        text-align: center;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .friends moblog-avatar {
        --size: 3.75rem;
        --around: var(--color-paper);
        margin: 4px;
        border-radius: 50%;
      }
      .friends .new moblog-avatar {
        box-shadow:
          0 0 0 2px var(--color-paper),
          0 0 0 4px var(--color-accent);
      }
      @media (min-width: 900px) {
        .friends {
          padding-inline: 0;
        }
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    // Apart from the first load, because it comes with the uploads.
    void import('../../composer/waiting-posts.ts')
  }

  protected override render() {
    const { findFriends, empty, emptyText, friends, search } = words()
    const moblogs = this.#feed.items
    const posts = moblogs && mergePosts(moblogs, homeFeed.ownPosts(this.#feed.first))
    return html`
      <header class="top">
        <h1 class="wordmark">Moblog</h1>
        <a class="icon-button" href=${addressOf({ name: 'discover' })} aria-label=${search}>${icons.search()}</a>
        <a class="icon-button" href=${addressOf({ name: 'friends' })} aria-label=${friends}>${icons.people()}</a>
      </header>
      ${moblogs && moblogs.length > 0 ? this.#friends(moblogs) : nothing}
      <div class="page" aria-busy=${posts === null && this.#feed.isLoading}>
        ${posts === null && !this.#feed.problem ? postPlaceholders(3) : nothing}
        ${posts?.length === 0 ? html`<moblog-empty .heading=${empty} .text=${emptyText}><a class="button" href=${addressOf({ name: 'friends' })}>${findFriends}</a></moblog-empty><h2 class="heading">${words().suggestions}</h2><moblog-suggestions></moblog-suggestions>` : nothing}
        <moblog-waiting-posts hidden></moblog-waiting-posts>
        ${repeat(
          posts ?? [],
          ({ id }) => id,
          (post) => html`<moblog-post-card .post=${post}></moblog-post-card>`,
        )}
        ${listEnd(this.#feed)}
      </div>
    `
  }

  #friends(moblogs: readonly FriendMoblog[]): TemplateResult {
    return html`<div class="friends" role="list" aria-label=${words().friendMoblogs}>
      ${moblogs.map(
        ({ id, owner, updatedAt, posts }) => html`<div role="listitem"><a
          class=${posts.edges.length > 0 && Date.now() - Date.parse(updatedAt) < NEW_MS ? 'new' : ''}
          href=${addressOf({ name: 'moblog', id })}
        >
          <moblog-avatar .person=${owner} ?online=${owner?.isOnline}></moblog-avatar>
          <span><bdi>${owner?.displayName}</bdi></span>
        </a></div>`,
      )}
    </div>`
  }
}

customElements.define('moblog-home-screen', MoblogHomeScreen)
