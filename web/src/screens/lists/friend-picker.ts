import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { FriendListDocument, type FriendListQuery } from '../../../../generated/graphql/web.ts'
import { addressOf, PLACES } from '../../app/routes.ts'
import { whenTyped } from '../../components/input-method.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { findFriends } from '../../data/find-friends.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { PAGE } from './list-limits.ts'
import { listsStyle } from './lists-style.ts'
import { memberButton } from './member-button.ts'
import { words } from './messages.ts'

/** The detail of `moblog-member-changed`. */
export type MemberChange = { id: string; displayName: string; isMember: boolean }

type Friend = NonNullable<NonNullable<FriendListQuery['viewer']>['friends']>['edges'][number]['node']

/** The viewer's friends with a search, each with a button that adds them to a list or removes them. */
class MoblogFriendPicker extends MoblogElement {
  static override properties = {
    memberIds: { attribute: false },
    listedIds: { attribute: false },
    text: { state: true },
  }
  declare memberIds: ReadonlySet<string>
  /** The friends whom the screen shows elsewhere: only the search finds them here too. */
  declare listedIds: ReadonlySet<string>
  declare text: string
  readonly #friends = new PagedQuery(
    this,
    FriendListDocument,
    () => ({ first: PAGE }),
    ({ viewer }) => viewer?.friends,
  )

  static override styles = [
    controls,
    screen,
    listsStyle,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        min-block-size: 0;
        padding: 0;
      }
    `,
  ]

  constructor() {
    super()
    this.memberIds = new Set()
    this.listedIds = new Set()
    this.text = ''
  }

  protected override updated(): void {
    // The search looks through all friends.
    if (this.text !== '' && this.#friends.hasMore && !this.#friends.problem) this.#friends.more()
  }

  protected override render() {
    const { friends, search } = words()
    return html`
      <h2 class="heading">${friends}</h2>
      <input class="input" type="search" aria-label=${search} placeholder=${search} @input=${this.#onInput} @compositionend=${this.#onInput} />
      ${this.#results()}
    `
  }

  #results(): TemplateResult {
    const all = this.#friends.items
    const { allListed, findPeople, noFriends, nobodyFound } = words()
    if (all === null) return this.#friends.problem ? html`${listEnd(this.#friends)}` : rowPlaceholders(3)
    const offered = this.text === '' ? all.filter(({ id }) => !this.listedIds.has(id)) : all
    const found = findFriends(offered, this.text)
    const isSearching = this.#friends.hasMore
    if (all.length === 0)
      return html`<p class="section note">${noFriends} <a class="button plain" href=${addressOf({ name: 'discover' }) + PLACES.search}>${findPeople}</a></p>`
    return html`
      ${
        found.length === 0 && !isSearching
          ? html`<p class="section note" role="status">${this.text === '' ? allListed : nobodyFound}</p>`
          : html`<section class="section">${repeat(found, ({ id }) => id, this.#row)}</section>`
      }
      ${this.text === '' ? listEnd(this.#friends) : nothing}
    `
  }

  readonly #row = (friend: Friend): TemplateResult => {
    const { id, displayName } = friend
    const isMember = this.memberIds.has(id)
    const change = { id, displayName, isMember: !isMember }
    return html`<moblog-person-row .person=${friend}>
      ${memberButton(displayName, isMember, () => this.tell<MemberChange>('moblog-member-changed', change))}
    </moblog-person-row>`
  }

  readonly #onInput = whenTyped((text) => {
    this.text = text
  })
}

customElements.define('moblog-friend-picker', MoblogFriendPicker)
