import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { FriendListDocument, type FriendListQuery } from '../../../generated/graphql/web.ts'
import '../components/avatar.ts'
import { isOfInputMethod } from '../components/input-method.ts'
import { findFriends } from '../data/find-friends.ts'
import { PagedQuery } from '../data/paged-query.ts'
import { placeAtCaret } from './caret.ts'
import { words } from './messages.ts'
import { type TypedMention, typedMention } from './typed-mention.ts'

const MOST = 5
const PAGE = 100
const MOST_FRIENDS = 1_000

type Friend = NonNullable<NonNullable<FriendListQuery['viewer']>['friends']>['edges'][number]['node']

/**
 * Suggests friends while the user types `@` in a field: arrow keys move, Enter and a tap write the handle, and Escape hides
 * the suggestions. The handle is plain text; the server finds the mention in it.
 */
export class MentionSuggestions implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #friends
  #field: HTMLTextAreaElement | null = null
  #typed: TypedMention | null = null
  #index = 0
  /** Where the sign of the mention is whose suggestions the user has hidden. */
  #hiddenAt: number | null = null
  #isNeeded = false

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    this.#friends = new PagedQuery(
      host,
      FriendListDocument,
      () => (this.#isNeeded ? { first: PAGE } : null),
      ({ viewer }) => viewer?.friends,
    )
    host.addController(this)
  }

  hostUpdated(): void {
    const count = this.#friends.items?.length ?? 0
    const isShort = this.#typed !== null && this.#found().length < MOST
    if (isShort && this.#friends.hasMore && !this.#friends.problem && count < MOST_FRIENDS)
      this.#friends.more()
    // The caret is in view then.
    requestAnimationFrame(this.#place)
  }

  readonly #place = (): void => {
    const list = this.#field?.parentElement?.querySelector<HTMLElement>('.mentions')
    if (this.#field && list) placeAtCaret(list, this.#field)
  }

  /** The id of the suggestion that Enter writes; null if there are no suggestions. */
  get activeId(): string | null {
    return this.#shown().length === 0 ? null : idOf(this.#index)
  }

  /** Looks at what the user types after each change of the text or the caret. */
  readonly follow = ({ target }: Event): void => {
    if (!(target instanceof HTMLTextAreaElement)) return
    const isMarked = target.selectionStart !== target.selectionEnd
    const typed = isMarked ? null : typedMention(target.value, target.selectionEnd)
    if (typed?.start === this.#typed?.start && typed?.query === this.#typed?.query) return
    this.#field = target
    this.#typed = typed
    this.#index = 0
    if (typed?.start !== this.#hiddenAt) this.#hiddenAt = null
    if (typed) this.#isNeeded = true
    this.#host.requestUpdate()
  }

  readonly close = (): void => {
    this.#typed = null
    this.#host.requestUpdate()
  }

  readonly key = (event: KeyboardEvent): void => {
    const shown = this.#shown()
    if (shown.length === 0 || isOfInputMethod(event)) return
    const steps: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: shown.length - 1 }
    const step = steps[event.key]
    const chosen = shown[this.#index]
    if (step !== undefined) this.#index = (this.#index + step) % shown.length
    else if (event.key === 'Escape') this.#hiddenAt = this.#typed?.start ?? null
    else if (event.key === 'Enter' && chosen) this.#write(chosen)
    else return
    event.preventDefault()
    event.stopPropagation()
    this.#host.requestUpdate()
  }

  render(): TemplateResult | typeof nothing {
    const shown = this.#shown()
    if (shown.length === 0) return nothing
    const { mentionsFound, mentions } = words()
    return html`<ul class="mentions" id="mentions" role="listbox" aria-label=${mentions}>
        ${shown.map(
          (friend, index) => html`<li
            id=${idOf(index)}
            role="option"
            aria-selected=${index === this.#index}
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#write(friend)}
          >
            <moblog-avatar .person=${friend}></moblog-avatar>
            <span><strong><bdi>${friend.displayName}</bdi></strong> <bdi class="note">@${friend.handle}</bdi></span>
          </li>`,
        )}
      </ul>
      <p class="only-heard" role="status">${mentionsFound(shown.length)}</p>`
  }

  #shown(): Friend[] {
    const { start, query } = this.#typed ?? {}
    const found = start === undefined || start === this.#hiddenAt ? [] : this.#found()
    // The handle is complete, and Enter begins a new line again.
    return found.length === 1 && found[0]?.handle === query ? [] : found
  }

  #found(): Friend[] {
    if (!this.#typed) return []
    return findFriends(this.#friends.items ?? [], this.#typed.query).slice(0, MOST)
  }

  #write({ handle }: Friend): void {
    const field = this.#field
    if (!field || !this.#typed) return
    const { start, query } = this.#typed
    const end = start + 1 + query.length
    const isBeforeSpace = /^\s/.test(field.value.slice(end))
    const mention = isBeforeSpace ? `@${handle}` : `@${handle} `
    this.#hiddenAt = start
    field.focus()
    field.setSelectionRange(start, end)
    // The only way to insert text that can be undone, and what was typed before it too.
    if (document.execCommand('insertText', false, mention)) return
    field.setRangeText(mention, start, end, 'end')
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
}

const idOf = (index: number): string => `mention-${index}`
