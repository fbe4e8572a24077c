import { html, nothing, type TemplateResult } from 'lit'
import { AudienceListsDocument, type AudienceListsQuery } from '../../../../generated/graphql/web.ts'
import { goBack } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import '../../components/empty.ts'
import { tooLong } from '../../components/fields/too-long.ts'
import { problemNotice } from '../../components/list-state.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { createList } from '../../data/audience-lists.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { lengthOf } from '../../length-of.ts'
import { explainListFailure } from './explain-list-failure.ts'
import { LONGEST_NAME, MOST_LISTS } from './list-limits.ts'
import { listsStyle } from './lists-style.ts'
import { words } from './messages.ts'

type List = AudienceListsQuery['audienceLists'][number]

/** All audience lists of the viewer, and a form for a new one. */
class MoblogAllLists extends MoblogElement {
  static override properties = { name: { state: true }, failure: { state: true }, isSending: { state: true } }
  /** The name of a new list that the user has typed. */
  declare name: string
  declare failure: string
  declare isSending: boolean
  readonly #lists = new Query(this, AudienceListsDocument, () => ({}))

  static override styles = [controls, screen, listsStyle]

  constructor() {
    super()
    this.name = ''
    this.failure = ''
    this.isSending = false
  }

  protected override render() {
    const { back, lists: title } = words()
    const { data, problem } = this.#lists
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'settings', part: null })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${title}</h1>
      </header>
      <div class="page">
        ${data ? this.#content(data.audienceLists) : problem ? problemNotice(problem, () => this.#lists.refresh()) : rowPlaceholders(3)}
      </div>
    `
  }

  #content(lists: readonly List[]): TemplateResult {
    const { empty, emptyText, listCount, tooMany } = words()
    const isFull = lists.length >= MOST_LISTS
    return html`
      ${
        lists.length === 0
          ? html`<moblog-empty .heading=${empty} .text=${emptyText}></moblog-empty>`
          : html`<section class="section">${lists.map(row)}</section>
              <p class="soft">${listCount(lists.length, MOST_LISTS)}</p>`
      }
      ${isFull ? html`<p class="section note" role="status">${tooMany(MOST_LISTS)}</p>` : this.#form(lists.length)}
    `
  }

  #form(count: number): TemplateResult {
    const { create, newList } = words()
    return html`<form class="section inline" @submit=${(event: SubmitEvent) => void this.#create(event, count)}>
      <label class="field"><span>${newList}</span>
        <input class="input" name="name" dir="auto" required autocomplete="off" @input=${this.#type} />
      </label>
      <button class="button" ?disabled=${this.isSending || lengthOf(this.name) > LONGEST_NAME}>${create}</button>
      ${tooLong(this.name, LONGEST_NAME)}
      ${this.failure === '' ? nothing : html`<p class="error" role="alert">${this.failure}</p>`}
    </form>`
  }

  readonly #type = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) this.name = target.value
  }

  async #create(event: SubmitEvent, count: number): Promise<void> {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement) || this.isSending) return
    const name = String(new FormData(event.target).get('name') ?? '')
    this.isSending = true
    this.failure = ''
    try {
      const id = await createList(name)
      location.hash = addressOf({ name: 'lists', id })
    } catch (error) {
      this.failure = explainListFailure(error, 'CREATE', count)
      // The lists may have changed on another device.
      this.#lists.refresh()
    }
    this.isSending = false
  }
}

function row({ id, name, memberCount }: List): TemplateResult {
  return html`<a class="row" href=${addressOf({ name: 'lists', id })}>
    ${icons.people()}
    <span><strong><bdi>${name}</bdi></strong><small>${words().memberCount(memberCount)}</small></span>
    ${moreIcons.forward()}
  </a>`
}

customElements.define('moblog-all-lists', MoblogAllLists)
