import { css, html, type TemplateResult } from 'lit'
import {
  PostLikesDocument,
  type PostLikesQuery,
  PostViewersDocument,
  type PostViewersQuery,
} from '../../../generated/graphql/web.ts'
import { type Connection, PagedQuery } from '../data/paged-query.ts'
import { controls } from '../design/controls.ts'
import { moreIcons } from '../design/more-icons.ts'
import { screen } from '../design/screen.ts'
import { MoblogElement } from '../element.ts'
import { listEnd } from './list-state.ts'
import { words as menuWords } from './menus/messages.ts'
import { words } from './messages.ts'
import './more.ts'
import './person-row.ts'
import { rowPlaceholders } from './placeholders.ts'
import { sheetStyle } from './sheet-style.ts'
import { time } from './time.ts'

/** What users have done with a post: liked or viewed it. */
export type Doing = 'likes' | 'views'

/** Shows who likes a post, or who has viewed it, at the bottom of the screen. */
export function showPeople(doing: Doing, postId: string): void {
  const sheet = document.createElement('moblog-people-sheet')
  Object.assign(sheet, { doing, postId })
  document.body.append(sheet)
}

/** The users who like a post or have viewed it. It removes itself when the user closes it. */
export class MoblogPeopleSheet extends MoblogElement {
  static override properties = { doing: {}, postId: { attribute: false } }
  declare doing: Doing
  declare postId: string
  readonly #likes = new PagedQuery(this, PostLikesDocument, () => this.#given('likes'), likesIn)
  readonly #viewers = new PagedQuery(this, PostViewersDocument, () => this.#given('views'), viewersIn)

  static override styles = [
    controls,
    screen,
    sheetStyle,
    css`
      :host {
        min-block-size: 0;
        padding: 0;
      }
      dialog {
        max-block-size: min(80dvh, 40rem);
        padding-block-start: 0;
      }
      header {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-block-size: 4rem;
        background: var(--color-raised);
      }
      header h2 {
        padding-block: 0;
      }
      p {
        padding: var(--space-3) var(--space-3) var(--space-5);
        color: var(--color-ink-soft);
      }
      .section {
        background: none;
        box-shadow: none;
      }
    `,
  ]

  constructor() {
    super()
    this.doing = 'likes'
    this.postId = ''
  }

  protected override firstUpdated(): void {
    const dialog = this.renderRoot.querySelector('dialog')
    dialog?.showModal()
    this.tell('moblog-dialog-opened', dialog)
  }

  protected override render() {
    const { likedBy, viewers } = menuWords()
    const { close } = words()
    const title = this.doing === 'likes' ? likedBy : viewers
    return html`<dialog aria-label=${title} @close=${() => this.remove()} @click=${this.#closeFrom}>
      <header>
        <h2>${title}</h2>
        <button type="button" class="icon-button" aria-label=${close} @click=${() => this.renderRoot.querySelector('dialog')?.close()}>${moreIcons.close()}</button>
      </header>
      ${this.#list()}
    </dialog>`
  }

  #list(): TemplateResult {
    const { likesEmpty, viewersEmpty, viewersOff } = menuWords()
    const list = this.doing === 'likes' ? this.#likes : this.#viewers
    if (list.items === null) return list.problem ? html`${listEnd(list)}` : rowPlaceholders(3)
    if (this.doing === 'views' && this.#viewers.first?.post?.viewers === null)
      return html`<p>${viewersOff}</p>`
    if (list.items.length === 0) return html`<p>${this.doing === 'likes' ? likesEmpty : viewersEmpty}</p>`
    return html`<div class="section">
        ${list.items.map((user) => html`<moblog-person-row .person=${user} .note=${noteOf(user)}></moblog-person-row>`)}
      </div>
      ${listEnd(list)}`
  }

  #given(doing: Doing): { id: string } | null {
    return this.doing === doing && this.postId !== '' ? { id: this.postId } : null
  }

  // A press beside the dialog, and a link in it that leads to another screen.
  readonly #closeFrom = (event: MouseEvent) => {
    const dialog = this.renderRoot.querySelector('dialog')
    const isLink = event.composedPath().some((target) => target instanceof HTMLAnchorElement)
    if (event.target === dialog || isLink) dialog?.close()
  }
}

type Liker = NonNullable<NonNullable<PostLikesQuery['post']>['likes']['edges'][number]['node']>
type Viewer = Liker & { viewedAt: string }

function likesIn({ post }: PostLikesQuery): Connection<Liker> | undefined {
  return (
    post?.likes && { ...post.likes, edges: post.likes.edges.flatMap(({ node }) => (node ? [{ node }] : [])) }
  )
}

function viewersIn({ post }: PostViewersQuery): Connection<Viewer> | undefined {
  const edges = post?.viewers?.edges.flatMap(({ node, viewedAt }) =>
    node ? [{ node: { ...node, viewedAt } }] : [],
  )
  return post?.viewers && edges ? { ...post.viewers, edges } : undefined
}

function noteOf(user: Liker | Viewer): TemplateResult | null {
  return 'viewedAt' in user ? time(user.viewedAt) : null
}

customElements.define('moblog-people-sheet', MoblogPeopleSheet)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-people-sheet': MoblogPeopleSheet
  }
}
