import { html, nothing, type TemplateResult } from 'lit'
import { HiddenPostsDocument, type HiddenPostsQuery } from '../../../../generated/graphql/web.ts'
import { addressOf } from '../../app/routes.ts'
import { attempt } from '../../components/attempt.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { time } from '../../components/time.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { hidePost } from '../../data/posts.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'

type Post = HiddenPostsQuery['hiddenPosts']['edges'][number]['node']

/** The posts that the viewer has hidden. */
class MoblogHiddenPart extends MoblogElement {
  readonly #posts = new PagedQuery(
    this,
    HiddenPostsDocument,
    () => ({}),
    ({ hiddenPosts }) => hiddenPosts,
  )

  static override styles = [controls, screen, settingsStyle, partStyle]

  protected override render() {
    const { hiddenEmpty, hiddenEmptyText } = words()
    // A post that is shown again leaves the list at once, before the list is read again.
    const posts = this.#posts.items?.filter(({ isHidden }) => isHidden)
    if (!posts) return this.#posts.problem ? listEnd(this.#posts) : rowPlaceholders(3)
    if (posts.length === 0 && !this.#posts.hasMore)
      return html`<moblog-empty .heading=${hiddenEmpty} .text=${hiddenEmptyText}></moblog-empty>`
    return html`<div class="section">${posts.map(postRow)}</div>
      ${listEnd(this.#posts)}`
  }
}

function postRow({ id, author, contentWarning, publishedAt, text }: Post): TemplateResult {
  const { noText, unhide } = words()
  const title = contentWarning ?? (text || noText)
  return html`<div class="row">
    <a class="to" href=${addressOf({ name: 'post', id })}>
      <strong dir="auto">${title}</strong>
      <small>${author ? html`<bdi>${author.displayName}</bdi> · ` : nothing}${time(publishedAt)}</small>
    </a>
    <button type="button" class="button quiet" aria-label=${labelFor(unhide, title)} @click=${() => void attempt(() => hidePost(id, false))}>
      ${unhide}
    </button>
  </div>`
}

customElements.define('moblog-hidden-part', MoblogHiddenPart)
