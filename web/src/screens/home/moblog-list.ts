import { css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { HotMoblogsDocument, NewestMoblogsDocument } from '../../../../generated/graphql/web.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/moblog-card.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

/** The order of a list of moblogs of all users. */
export type Order = 'hot' | 'newest'

/** All moblogs with public posts: the hottest first, or those with the newest posts first. */
class MoblogMoblogList extends MoblogElement {
  static override properties = { order: {} }
  declare order: Order
  readonly #hot = new PagedQuery(
    this,
    HotMoblogsDocument,
    () => (this.order === 'hot' ? {} : null),
    ({ hotMoblogs }) => hotMoblogs,
  )
  readonly #newest = new PagedQuery(
    this,
    NewestMoblogsDocument,
    () => (this.order === 'newest' ? {} : null),
    ({ newestMoblogs }) => newestMoblogs,
  )

  static override styles = [
    controls,
    screen,
    css`
      :host {
        min-block-size: 0;
        padding: 0;
      }
    `,
  ]

  constructor() {
    super()
    this.order = 'hot'
  }

  protected override render() {
    const list = this.order === 'hot' ? this.#hot : this.#newest
    const { emptyHot, emptyHotText } = words()
    return html`<div class="page">
      ${list.items === null && !list.problem ? rowPlaceholders(4) : nothing}
      ${list.items?.length === 0 ? html`<moblog-empty drawing="picture" .heading=${emptyHot} .text=${emptyHotText}></moblog-empty>` : nothing}
      ${repeat(
        list.items ?? [],
        ({ id }) => id,
        (moblog) => html`<moblog-card .moblog=${moblog}></moblog-card>`,
      )}
      ${listEnd(list)}
    </div>`
  }
}

customElements.define('moblog-moblog-list', MoblogMoblogList)
