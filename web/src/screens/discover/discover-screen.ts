import { css, html, nothing, type TemplateResult } from 'lit'
import { SearchMoblogsDocument, SearchUsersDocument } from '../../../../generated/graphql/web.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/moblog-card.ts'
import '../../components/more.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import './suggestions.ts'

const WAIT_MS = 250

/** Hot and new moblogs, and the search for users and moblogs. */
class MoblogDiscoverScreen extends MoblogElement {
  static override properties = { text: { state: true } }
  declare text: string
  readonly #users = new PagedQuery(
    this,
    SearchUsersDocument,
    () => this.#query(),
    ({ searchUsers }) => searchUsers,
  )
  readonly #moblogs = new PagedQuery(
    this,
    SearchMoblogsDocument,
    () => this.#query(),
    ({ searchMoblogs }) => searchMoblogs,
  )
  #timer: ReturnType<typeof setTimeout> | undefined

  static override styles = [
    controls,
    screen,
    css`
      .search {
        position: relative;
        flex: 1;
        padding-inline: var(--space-1);
      }
      .search svg {
        position: absolute;
        inset-block: 0;
        inset-inline-start: var(--space-4);
        margin-block: auto;
        color: var(--color-ink-soft);
        pointer-events: none;
      }
      .search input {
        padding-inline-start: 3rem;
        border-radius: var(--radius-round);
      }
      moblog-person-row + moblog-person-row {
        border-block-start: 1px solid var(--color-line);
      }
    `,
  ]

  constructor() {
    super()
    this.text = ''
  }

  protected override render() {
    const { discover, placeholder, search } = words()
    return html`
      <header class="top">
        <h1 class="only-heard">${discover}</h1>
        <label class="search">
          <span class="only-heard">${search}</span>
          ${icons.search()}
          <input class="input" type="search" maxlength="100" placeholder=${placeholder} @input=${this.#input} />
        </label>
      </header>
      <div class="page">${this.text === '' ? html`<moblog-suggestions></moblog-suggestions>` : this.#results()}</div>
    `
  }

  #results(): TemplateResult {
    const { found, moblogs, nothing: none, nothingText, people } = words()
    const [users, blogs] = [this.#users.items, this.#moblogs.items]
    if (users === null || blogs === null)
      return this.#users.problem ? html`${listEnd(this.#users)}` : rowPlaceholders(4)
    return html`
      <p class="only-heard" role="status">${found(users.length + blogs.length)}</p>
      ${users.length + blogs.length === 0 ? html`<moblog-empty drawing="picture" .heading=${none} .text=${nothingText}></moblog-empty>` : nothing}
      ${
        users.length > 0
          ? html`<h2 class="heading">${people}</h2>
        <div class="section">${users.map((user) => html`<moblog-person-row .person=${user}></moblog-person-row>`)}${listEnd(this.#users)}</div>`
          : nothing
      }
      ${
        blogs.length > 0
          ? html`<h2 class="heading">${moblogs}</h2>
        ${blogs.map((moblog) => html`<moblog-card .moblog=${moblog}></moblog-card>`)}${listEnd(this.#moblogs)}`
          : nothing
      }
    `
  }

  #query(): { query: string } | null {
    return this.text === '' ? null : { query: this.text }
  }

  readonly #input = (event: InputEvent) => {
    const text = (event.target as HTMLInputElement).value.trim()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.text = text
    }, WAIT_MS)
  }
}

customElements.define('moblog-discover-screen', MoblogDiscoverScreen)
