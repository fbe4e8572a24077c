import { css, html } from 'lit'
import { explainError } from '../../components/explain-refusal.ts'
import { passwordField, passwordStyle } from '../../components/password-field.ts'
import { sheetStyle } from '../../components/sheet-style.ts'
import { deleteAccount } from '../../data/account.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'

/** Deletes the account. The question whether to do so asks for the password, and says if it is wrong. */
class MoblogDeletePart extends MoblogElement {
  static override properties = { isSending: { state: true }, problem: { state: true } }
  declare isSending: boolean
  declare problem: string | null

  static override styles = [
    controls,
    screen,
    partStyle,
    sheetStyle,
    passwordStyle,
    css`
      dialog .form {
        padding: var(--space-2) var(--space-3) var(--space-3);
      }
      dialog .form .button {
        justify-self: stretch;
      }
    `,
  ]

  constructor() {
    super()
    this.isSending = false
    this.problem = null
  }

  protected override render() {
    const { cancel, deleteAccount: remove, deleteText, deleteTitle, password } = words()
    const { problem } = this
    return html`<div class="section form">
        <p>${deleteText}</p>
        <button type="button" class="button danger" aria-haspopup="dialog" @click=${this.#ask}>${remove}</button>
      </div>
      <dialog aria-label=${deleteTitle} @close=${this.#reset} @click=${this.#closeOutside}>
        <h2>${deleteTitle}</h2>
        <form class="form" @submit=${this.#delete}>
          <p>${deleteText}</p>
          ${passwordField({ name: 'current', label: password, autocomplete: 'current-password', hint: null, problem })}
          <button class="button danger" ?disabled=${this.isSending}>${remove}</button>
          <button type="button" class="button quiet" @click=${() => this.#dialog?.close()}>${cancel}</button>
        </form>
      </dialog>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  readonly #ask = () => {
    const dialog = this.#dialog
    dialog?.showModal()
    this.tell('moblog-dialog-opened', dialog)
    this.#focusField()
  }

  readonly #reset = () => {
    this.problem = null
    this.renderRoot.querySelector('form')?.reset()
  }

  readonly #closeOutside = ({ target }: Event) => {
    if (target instanceof HTMLDialogElement) target.close()
  }

  readonly #delete = async (event: SubmitEvent) => {
    event.preventDefault()
    const password = String(new FormData(event.target as HTMLFormElement).get('current') ?? '')
    this.isSending = true
    this.problem = null
    try {
      await deleteAccount(password)
    } catch (error) {
      this.problem = explainError(error, { NOT_ALLOWED: words().wrongPassword })
      this.#focusField()
    } finally {
      this.isSending = false
    }
  }

  #focusField(): void {
    this.renderRoot.querySelector('input')?.focus()
  }
}

customElements.define('moblog-delete-part', MoblogDeletePart)
