import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { AudienceListDocument, type AudienceListQuery } from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import '../../components/avatar.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { problemNotice } from '../../components/list-state.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { askUser } from '../../components/sheet.ts'
import { toast } from '../../components/toast.ts'
import { changeMember, deleteList, renameList } from '../../data/audience-lists.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { wholeNumber } from '../../i18n/format.ts'
import { lengthOf } from '../../length-of.ts'
import { explainListFailure, type ListStep } from './explain-list-failure.ts'
import './friend-picker.ts'
import type { MemberChange } from './friend-picker.ts'
import { LONGEST_NAME, PAGE } from './list-limits.ts'
import { listsStyle } from './lists-style.ts'
import { memberButton } from './member-button.ts'
import { words } from './messages.ts'

type Member = NonNullable<AudienceListQuery['audienceList']>['members']['edges'][number]['node']

/** One audience list: its name, its members, and the friends who can be added. */
class MoblogOneList extends MoblogElement {
  static override properties = {
    listId: { attribute: false },
    typed: { state: true },
    failure: { state: true },
    announced: { state: true },
  }
  declare listId: string
  /** The name that the user has typed; empty as long as it is that of the list. */
  declare typed: string
  declare failure: string
  declare announced: string
  // All members are read, because each friend is shown with whether they are one.
  readonly #members = new PagedQuery(
    this,
    AudienceListDocument,
    () => ({ id: this.listId, first: PAGE }),
    ({ audienceList }) => audienceList?.members,
  )
  /**
   * The members in the upper section. Those whom the user removes here stay in it, and those whom they add are beside each
   * other at its end and marked in the section below it, so that no row moves while the user presses one after another.
   */
  readonly #listed = new Map<string, Member>()
  /** The friends whom the user has added here, and their names as long as they are in the list. */
  readonly #added = new Map<string, string | null>()
  #hasChanged = false

  static override styles = [controls, screen, listsStyle]

  constructor() {
    super()
    this.listId = ''
    this.typed = ''
    this.failure = ''
    this.announced = ''
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('listId')) {
      this.#hasChanged = false
      this.#added.clear()
    }
    // What the cache has kept may be older.
    if (!this.#hasChanged) this.#listed.clear()
    for (const member of this.#members.items ?? [])
      if (!this.#added.has(member.id)) this.#listed.set(member.id, member)
  }

  protected override updated(): void {
    if (this.#members.hasMore && !this.#members.problem) this.#members.more()
  }

  protected override render() {
    const { back, lists } = words()
    const { first, problem } = this.#members
    const name = first?.audienceList?.name ?? lists
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'lists', id: null })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1><bdi>${name}</bdi></h1>
      </header>
      <div class="page">
        ${first ? this.#content() : problem ? problemNotice(problem, () => this.#members.refresh()) : rowPlaceholders(4)}
        <p class="only-heard" role="status">${this.announced}</p>
      </div>
    `
  }

  #content(): TemplateResult {
    const list = this.#members.first?.audienceList
    const { deleteList: deleteLabel, members, missing, name, save } = words()
    if (!list) return html`<p class="section note" role="status">${missing}</p>`
    const memberIds = new Set((this.#members.items ?? []).map(({ id }) => id))
    const listed = [...this.#listed.values()]
    return html`
      <form class="section inline" @submit=${this.#rename}>
        <label class="field"><span>${name}</span>
          <input class="input" name="name" dir="auto" required autocomplete="off" @input=${this.#type} .defaultValue=${list.name} />
        </label>
        <button class="button quiet" ?disabled=${lengthOf(this.typed) > LONGEST_NAME}>${save}</button>
        ${tooLong(this.typed, LONGEST_NAME)}
        ${this.failure === '' ? nothing : html`<p class="error" role="alert">${this.failure}</p>`}
      </form>
      <h2 class="heading">${members} (${wholeNumber(list.memberCount)})</h2>
      <section class="section">
        ${listed.map((user) => this.#member(user, memberIds.has(user.id)))} ${this.#addedNow()}
      </section>
      <moblog-friend-picker
        .memberIds=${memberIds}
        .listedIds=${new Set(this.#listed.keys())}
        @moblog-member-changed=${({ detail }: CustomEvent<MemberChange>) => void this.#change(detail)}
      ></moblog-friend-picker>
      <button type="button" class="button danger" @click=${() => void this.#delete(list.name)}>${moreIcons.trash()} ${deleteLabel}</button>
    `
  }

  /** The friends whom the user has just added, the last one first. */
  #addedNow(): TemplateResult {
    const { addBelow, addedNow, addMore } = words()
    const added = [...this.#added].reverse().flatMap(([id, name]) => {
      const member = this.#members.items?.find((each) => each.id === id)
      return name === null ? [] : [member ?? { id, displayName: name }]
    })
    return html`<div class=${added.length > 0 ? 'added some' : 'added'}>
      <p class="note">${this.#listed.size === 0 ? addBelow : addMore}</p>
      ${
        added.length > 0
          ? html`<ul aria-label=${addedNow}>${added.map((person) => html`<li><a href=${addressOf({ name: 'moblog', id: person.id })}><moblog-avatar .person=${person}></moblog-avatar><bdi>${person.displayName}</bdi></a></li>`)}</ul>`
          : nothing
      }
    </div>`
  }

  #member(user: Member, isMember: boolean): TemplateResult {
    const { noFriend } = words()
    const { id, displayName, relationship } = user
    const isFriend = relationship === 'FRIEND'
    return html`<moblog-person-row .person=${user} .note=${isFriend ? null : noFriend}>
      ${isMember || isFriend ? memberButton(displayName, isMember, () => void this.#change({ id, displayName, isMember: !isMember })) : nothing}
    </moblog-person-row>`
  }

  async #change({ id, displayName, isMember }: MemberChange): Promise<void> {
    const { added, removed } = words()
    this.#hasChanged = true
    if (!this.#listed.has(id)) this.#showAdded(id, isMember ? displayName : null)
    const isDone = await this.#attempt(isMember ? 'ADD' : 'REMOVE', () =>
      changeMember(this.listId, id, isMember),
    )
    if (isDone) this.announced = (isMember ? added : removed)(displayName)
    else if (this.#added.has(id)) this.#showAdded(id, isMember ? null : displayName)
    this.#members.refresh()
  }

  /** Shows at once that a friend is in the list, or not any more: the name is null. */
  #showAdded(id: string, name: string | null): void {
    this.#added.delete(id)
    this.#added.set(id, name)
    this.requestUpdate()
  }

  readonly #type = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) this.typed = target.value
  }

  readonly #rename = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const name = String(new FormData(event.target).get('name') ?? '')
    this.failure = ''
    try {
      await renameList(this.listId, name)
      toast(words().renamed)
    } catch (error) {
      this.failure = explainListFailure(error, 'RENAME')
    }
  }

  async #delete(name: string): Promise<void> {
    const { deleteList: label, deleteText: text, deleteTitle } = words()
    const title = deleteTitle(name)
    const choices = [{ key: 'delete', label, icon: moreIcons.trash, isDangerous: true }]
    if ((await askUser({ title, name: title, text, choices })) !== 'delete') return
    if (await this.#attempt('DELETE', () => deleteList(this.listId)))
      location.hash = addressOf({ name: 'lists', id: null })
  }

  async #attempt(step: ListStep, act: () => Promise<void>): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      toast(explainListFailure(error, step))
      return false
    }
  }
}

customElements.define('moblog-one-list', MoblogOneList)
