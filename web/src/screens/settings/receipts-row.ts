import { css, html, type TemplateResult } from 'lit'
import { ReadReceiptsDocument } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { updateReadReceipts } from '../../data/account.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { settingsStyle } from './settings-style.ts'

/** Turns read receipts on or off. */
class MoblogReceiptsRow extends MoblogElement {
  readonly #receipts = new Query(this, ReadReceiptsDocument, () => ({}))

  static override styles = [
    controls,
    settingsStyle,
    css`
      :host {
        display: block;
        border-block-end: 1px solid var(--color-line);
      }
      input {
        position: relative;
        flex: none;
        inline-size: 3.25rem;
        block-size: 2rem;
        margin: 0;
        border: 2px solid var(--color-line-strong);
        border-radius: var(--radius-round);
        background: var(--color-sunken);
        cursor: pointer;
        appearance: none;
      }
      input::before {
        position: absolute;
        inset-block: 0.25rem;
        inset-inline-start: 0.25rem;
        inline-size: 1.25rem;
        border: 0.625rem solid var(--color-line-strong);
        border-radius: 50%;
        content: "";
      }
      input:checked {
        border-color: var(--color-accent);
        background: var(--color-accent);
      }
      input:checked::before {
        inset-inline: auto 0.25rem;
        border-color: var(--color-accent-ink);
      }
      @media (forced-colors: active) {
        input:checked {
          background: Highlight;
          forced-color-adjust: none;
        }
        input:checked::before {
          border-color: HighlightText;
        }
      }
      label {
        cursor: pointer;
      }
      .unknown {
        flex: none;
        max-inline-size: 8rem;
        color: var(--color-ink-soft);
        font-size: var(--text-s);
        text-align: end;
      }
    `,
  ]

  protected override render() {
    const { receipts, receiptsText } = words()
    return html`<div class="row">
      ${icons.eye()}
      <label for="receipts">${receipts}<small id="about">${receiptsText}</small></label>
      ${this.#control()}
    </div>`
  }

  /** The switch. As long as it is not known whether receipts are on, it would show something that may be wrong. */
  #control(): TemplateResult {
    const { data, problem } = this.#receipts
    const { receipts, receiptsUnknown } = words()
    const isOn = data?.readReceipts ?? null
    if (isOn === null)
      return html`<span class="unknown" role="status">${problem === null ? '…' : receiptsUnknown}</span>`
    return html`<input
      id="receipts"
      type="checkbox"
      role="switch"
      aria-label=${receipts}
      aria-describedby="about"
      .checked=${isOn}
      @change=${this.#turn}
    />`
  }

  readonly #turn = async ({ target }: Event) => {
    const field = target as HTMLInputElement
    const isDone = await attempt(() => updateReadReceipts(field.checked))
    if (!isDone) field.checked = this.#receipts.data?.readReceipts === true
  }
}

customElements.define('moblog-receipts-row', MoblogReceiptsRow)
