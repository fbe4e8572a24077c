import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { HashtagPostsDocument } from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { postPlaceholders } from '../../components/placeholders.ts'
import '../../components/post-card.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

const PAGE = 12

/** The posts with a hashtag that the viewer may see, newest first. */
class MoblogTagScreen extends MoblogElement {
  static override properties = { tag: { attribute: false } }
  declare tag: string
  readonly #posts = new PagedQuery(
    this,
    HashtagPostsDocument,
    () => ({ tag: this.tag, first: PAGE }),
    ({ hashtagPosts }) => hashtagPosts,
  )

  static override styles = [controls, screen]

  constructor() {
    super()
    this.tag = ''
  }

  protected override render(): TemplateResult {
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'discover' })} aria-label=${words().back} @click=${goBack}>${icons.back()}</a>
        <h1><bdi>#${this.tag}</bdi></h1>
      </header>
      <div class="page" aria-busy=${this.#posts.items === null && this.#posts.isLoading}>${this.#list()} ${listEnd(this.#posts)}</div>
    `
  }

  #list(): TemplateResult | typeof nothing {
    const posts = this.#posts.items
    const { empty, emptyText, write } = words()
    if (posts === null) return this.#posts.problem ? nothing : postPlaceholders(2)
    if (posts.length === 0) {
      return html`<moblog-empty drawing="talk" .heading=${empty} .text=${emptyText}>
        <a class="button" href=${addressOf({ name: 'write' })}>${write}</a>
      </moblog-empty>`
    }
    return html`${repeat(
      posts,
      ({ id }) => id,
      (post) => html`<moblog-post-card .post=${post}></moblog-post-card>`,
    )}`
  }
}

customElements.define('moblog-tag-screen', MoblogTagScreen)
