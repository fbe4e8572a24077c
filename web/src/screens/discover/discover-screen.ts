import { css, html, nothing, type TemplateResult } from 'lit'
import { SearchMoblogsDocument, SearchUsersDocument } from '../../../../generated/graphql/web.ts'
import { currentEntry } from '../../app/history-entry.ts'
import { PLACES } from '../../app/routes.ts'
import '../../components/empty.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { isOfInputMethod, whenTyped } from '../../components/input-method.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/moblog-card.ts'
import '../../components/more.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { relationshipButton } from '../../components/relationship-button.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { readSession } from '../../data/session-store.ts'
import { keepTypedText, typedText } from '../../data/typed-text.ts'
import { controls } from '../../design/controls.ts'
import { oneLine } from '../../design/cut-text.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { lengthOf } from '../../length-of.ts'
import { hashtagAddress } from './hashtag-address.ts'
import { words } from './messages.ts'
import './suggestions.ts'

const WAIT_MS = 250
// The limit of the API (`searchUsers`, `searchMoblogs`).
const LONGEST_QUERY = 100

/** Hot and new moblogs, and the search for users, moblogs and hashtags. */
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
      .hashtag {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-block-size: 4rem;
        padding: var(--space-2) var(--space-3);
      }
      .hashtag .sign {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 3rem;
        block-size: 3rem;
        border-radius: 50%;
        background: var(--color-accent-soft);
        color: var(--color-accent-text);
      }
      .hashtag .text {
        flex: 1;
        min-inline-size: 0;
      }
      .hashtag .text > * {
        display: block;
        ${oneLine}
      }
      moblog-person-row + moblog-person-row {
        border-block-start: 1px solid var(--color-line);
      }
      moblog-person-row .button {
        padding-inline: var(--space-4);
      }
      moblog-person-row .soft {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        padding-inline-end: var(--space-2);
      }
      moblog-person-row .soft svg {
        inline-size: 1.25rem;
        block-size: 1.25rem;
      }
    `,
  ]

  /** Where this visit of the screen keeps the text: going back shows it again, a new visit begins without. */
  readonly #place = `search ${currentEntry()?.screenId ?? ''}` as const

  constructor() {
    super()
    this.text = typedText(this.#place) ?? ''
  }

  protected override firstUpdated(): void {
    // Who comes back to what was found does not want to type.
    if (location.hash.endsWith(PLACES.search) && this.text === '')
      this.renderRoot.querySelector('input')?.focus()
  }

  protected override render() {
    const { discover, placeholder, search } = words()
    return html`
      <header class="top">
        <h1 class="only-heard">${discover}</h1>
        <label class="search">
          <span class="only-heard">${search}</span>
          ${icons.search()}
          <input class="input" type="search" placeholder=${placeholder} .defaultValue=${typedText(this.#place) ?? ''} @input=${this.#input} @compositionend=${this.#input} @keydown=${this.#key} />
        </label>
      </header>
      <div class="page">
        ${this.#hashtag()} ${this.#found()}
      </div>
    `
  }

  #found(): TemplateResult | typeof nothing {
    if (this.text === '') return html`<moblog-suggestions></moblog-suggestions>`
    if (this.#query()) return this.#results()
    // A hashtag may be that long, with its sign.
    return hashtagAddress(this.text) === null ? tooLong(this.text, LONGEST_QUERY) : nothing
  }

  /** Leads to the posts with the hashtag that the user has typed. */
  #hashtag(): TemplateResult | typeof nothing {
    const address = hashtagAddress(this.text)
    if (address === null) return nothing
    return html`<a class="section hashtag" href=${address}>
      <span class="sign">${moreIcons.hash()}</span>
      <span class="text"><strong><bdi>${this.text}</bdi></strong> <span class="soft">${words().hashtag}</span></span>
      ${moreIcons.forward()}
    </a>`
  }

  #results(): TemplateResult | typeof nothing {
    const { found, moblogs, nothing: none, nothingText, people } = words()
    // The viewer is not looking for the viewer.
    const [users, blogs] = [withoutViewer(this.#users.items), withoutViewer(this.#moblogs.items)]
    if (users === null || blogs === null)
      return this.#users.problem ? html`${listEnd(this.#users)}` : rowPlaceholders(4)
    // The row of the hashtag is a result too.
    const count = users.length + blogs.length + (hashtagAddress(this.text) === null ? 0 : 1)
    return html`
      <p class="only-heard" role="status">${found(count)}</p>
      ${count === 0 ? html`<moblog-empty drawing="picture" .heading=${none} .text=${nothingText}></moblog-empty>` : nothing}
      ${
        users.length > 0
          ? html`<h2 class="heading">${people}</h2>
        <div class="section">${users.map((user) => html`<moblog-person-row .person=${user}>${relationshipButton(user)}</moblog-person-row>`)}${listEnd(this.#users)}</div>`
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

  readonly #key = (event: KeyboardEvent) => {
    const address = hashtagAddress((event.target as HTMLInputElement).value)
    if (event.key === 'Enter' && !isOfInputMethod(event) && address !== null) location.hash = address
  }

  #query(): { query: string } | null {
    return this.text === '' || lengthOf(this.text) > LONGEST_QUERY ? null : { query: this.text }
  }

  readonly #input = whenTyped((typed) => {
    const text = typed.trim().normalize()
    keepTypedText(this.#place, text)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.text = text
    }, WAIT_MS)
  })
}

/** A moblog has the id of its owner. */
function withoutViewer<Item extends { id: string }>(items: Item[] | null): Item[] | null {
  const viewerId = readSession()?.userId
  return items?.filter(({ id }) => id !== viewerId) ?? null
}

customElements.define('moblog-discover-screen', MoblogDiscoverScreen)
