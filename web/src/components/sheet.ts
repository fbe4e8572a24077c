import { css, html, type TemplateResult } from 'lit'
import { controls } from '../design/controls.ts'
import { MoblogElement } from '../element.ts'
import { words } from './messages.ts'
import { sheetStyle } from './sheet-style.ts'

/** One answer in a sheet. */
export type Choice = { key: string; label: string; icon?: () => TemplateResult; isDangerous?: boolean }

/** A question with its answers, and perhaps an address to copy. Without a title, it is a menu. */
export type Question = {
  title?: string
  text?: string
  name: string
  link?: string
  choices: readonly Choice[]
}

/** Asks the user at the bottom of the screen. Resolves to the key of the chosen answer, null if they close the sheet. */
export function askUser(question: Question): Promise<string | null> {
  const sheet = document.createElement('moblog-sheet')
  sheet.question = question
  document.body.append(sheet)
  return new Promise((resolve) => {
    sheet.addEventListener('moblog-answered', (event) => {
      // Gives the focus back to the control that opened the sheet, or to the one that opened the menu before it.
      sheet.renderRoot.querySelector('dialog')?.close()
      sheet.remove()
      resolve((event as CustomEvent<string | null>).detail)
    })
  })
}

class MoblogSheet extends MoblogElement {
  static override properties = { question: { attribute: false } }
  declare question: Question | null

  static override styles = [
    controls,
    sheetStyle,
    css`
      p {
        padding: var(--space-2) var(--space-3) var(--space-3);
        color: var(--color-ink-soft);
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        inline-size: 100%;
        min-block-size: 3.25rem;
        padding-inline: var(--space-3);
        border: 0;
        border-radius: var(--radius-m);
        background: none;
        font-weight: 600;
        text-align: start;
      }
      button.dangerous {
        color: var(--color-danger);
      }
      button.cancel {
        justify-content: center;
        margin-block-start: var(--space-2);
        background: var(--color-sunken);
      }
      @media (hover: hover) {
        button:hover {
          background: var(--color-sunken);
        }
      }
    `,
  ]

  constructor() {
    super()
    this.question = null
  }

  protected override firstUpdated(): void {
    const dialog = this.renderRoot.querySelector('dialog')
    dialog?.showModal()
    this.tell('moblog-dialog-opened', dialog)
  }

  protected override render() {
    const { question } = this
    if (!question) return null
    const { title, text, name, link, choices } = question
    return html`
      <dialog aria-label=${title ?? name} @close=${() => this.#answer(null)} @click=${this.#closeOutside}>
        ${title === undefined ? null : html`<h2>${title}</h2>`} ${text === undefined ? null : html`<p>${text}</p>`}
        ${link === undefined ? null : html`<input class="input" readonly autofocus aria-label=${name} .value=${link} @focus=${select} />`}
        ${choices.map(
          ({ key, label, icon, isDangerous }) => html`
            <button type="button" class=${isDangerous ? 'dangerous' : ''} @click=${() => this.#answer(key)}>
              ${icon?.()} ${label}
            </button>
          `,
        )}
        <button type="button" class="cancel" ?autofocus=${choices[0]?.isDangerous ?? false} @click=${() => this.#answer(null)}>${words().cancel}</button>
      </dialog>
    `
  }

  #answer(key: string | null): void {
    this.tell('moblog-answered', key)
  }

  #closeOutside(event: MouseEvent): void {
    if (event.target instanceof HTMLDialogElement) event.target.close()
  }
}

const select = ({ target }: Event) => target instanceof HTMLInputElement && target.select()

customElements.define('moblog-sheet', MoblogSheet)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-sheet': MoblogSheet
  }
}
