import { css, html, nothing, type TemplateResult } from 'lit'
import { AudienceListsDocument } from '../../../generated/graphql/web.ts'
import { addressOf } from '../app/routes.ts'
import { Query } from '../data/query.ts'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { AUDIENCES, type DraftAudience, needsList } from './draft.ts'
import { words } from './messages.ts'

/** The detail of `moblog-audience-chosen`. */
export type AudienceChoice = { audience: DraftAudience; audienceListId: string | null }

// Whether the user has left to make their first list. When they come back, it is the one that they mean.
let makesFirstList = false

/** Chooses who may see a post: an audience, and if it needs one an audience list. */
export class MoblogAudienceChoice extends MoblogElement {
  static override properties = {
    audience: {},
    listId: { attribute: false },
    isGone: { state: true },
  }
  declare audience: DraftAudience
  declare listId: string | null
  /** Whether the list that was chosen does not exist any more. */
  declare private isGone: boolean
  /** Whether the user has chosen an audience with a list. */
  #isChosen = false
  /** Whether the way to the first list was shown since then. */
  #isShown = false
  readonly #lists = new Query(this, AudienceListsDocument, () => (needsList(this.audience) ? {} : null))

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      fieldset {
        display: grid;
        /* Side by side, and with large text below each other. */
        grid-template-columns: repeat(auto-fit, minmax(min(100%, max(9rem, 40%)), 1fr));
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        border: 0;
      }
      /* The longest one takes a row, so that five choices make an even grid. */
      .choice:last-of-type {
        grid-column: 1 / -1;
      }
      @media (min-width: 900px) {
        fieldset {
          grid-template-columns: repeat(5, auto);
        }
        .choice:last-of-type {
          grid-column: auto;
        }
      }
      legend {
        padding: 0;
        margin-block-end: var(--space-1);
        font-size: var(--text-s);
        font-weight: 600;
      }
      .choice {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-block-size: var(--control);
        padding-inline: var(--space-3);
        border: 1px solid var(--color-line-strong);
        border-radius: var(--radius-round);
        background: var(--color-surface);
      }
      .choice.chosen {
        border-color: var(--color-accent-text);
        background: var(--color-accent-soft);
      }
      .choice input {
        margin: 0;
        accent-color: var(--color-accent-text);
      }
      .list {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2);
      }
      .list .field {
        flex: 1 1 12rem;
      }
      .note {
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
    `,
  ]

  constructor() {
    super()
    this.audience = 'FRIENDS'
    this.listId = null
    this.isGone = false
  }

  protected override updated(): void {
    const { data, isLoading, problem } = this.#lists
    if (!data || isLoading || problem || !needsList(this.audience)) return
    if (this.listId === null) {
      const [only, ...others] = data.audienceLists
      // There is nothing to choose.
      if ((this.#isChosen || makesFirstList) && only && others.length === 0)
        this.#tell(this.audience, only.id)
      if (only) makesFirstList = false
      else if (this.#isChosen && !this.#isShown) this.#showWay()
      return
    }
    if (data.audienceLists.some(({ id }) => id === this.listId)) return
    this.isGone = true
    this.#isChosen = false
    this.#tell(this.audience, null)
  }

  protected override render() {
    return html`
      <fieldset>
        <legend>${words().audience}</legend>
        ${AUDIENCES.map(
          (audience) => html`<label class=${`choice ${audience === this.audience ? 'chosen' : ''}`}>
            <input
              type="radio"
              name="audience"
              value=${audience}
              .checked=${audience === this.audience}
              @change=${() => this.#choose(audience, this.listId)}
            />
            ${words()[audience]}
          </label>`,
        )}
      </fieldset>
      ${needsList(this.audience) ? this.#renderLists() : nothing}
    `
  }

  #renderLists(): TemplateResult {
    const { chooseList, list, listGone, manageLists, makeList, noLists, onlyListNote, exceptListNote } =
      words()
    const lists = this.#lists.data?.audienceLists ?? null
    const link = (text: string, isFirst = false) =>
      html`<a class="button plain" href=${addressOf({ name: 'lists', id: null })} @click=${() => {
        makesFirstList = isFirst
      }}>${text}</a>`
    if (lists?.length === 0) return html`<p class="note" role="status">${noLists}</p>${link(makeList, true)}`
    return html`<div class="list">
        <label class="field"><span>${list}</span>
          <select class="input" @change=${this.#onList}>
            <option value="" ?selected=${this.listId === null} disabled>${chooseList}</option>
            ${lists?.map(
              ({ id, name }) => html`<option value=${id} ?selected=${id === this.listId}>${name}</option>`,
            )}
          </select>
        </label>
        ${link(manageLists)}
      </div>
      ${this.isGone ? html`<p class="error" role="alert">${listGone}</p>` : nothing}
      <p class="note">${this.audience === 'ONLY_LIST' ? onlyListNote : exceptListNote}</p>`
  }

  /** Shows the way to the first list, which may be below the bar at the end of the screen. */
  #showWay(): void {
    this.#isShown = true
    this.renderRoot.querySelector('a')?.scrollIntoView({ block: 'center' })
  }

  #choose(audience: DraftAudience, audienceListId: string | null): void {
    this.isGone = false
    this.#isShown = false
    this.#isChosen = true
    this.#tell(audience, audienceListId)
  }

  #tell(audience: DraftAudience, audienceListId: string | null): void {
    this.audience = audience
    this.listId = audienceListId
    this.tell<AudienceChoice>('moblog-audience-chosen', { audience, audienceListId })
  }

  readonly #onList = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement && target.value !== '') this.#choose(this.audience, target.value)
  }
}

customElements.define('moblog-audience-choice', MoblogAudienceChoice)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-audience-choice': MoblogAudienceChoice
  }
}
