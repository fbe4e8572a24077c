import { html, nothing, type TemplateResult } from 'lit'
import { explainError } from '../../components/explain-refusal.ts'
import { passwordField, passwordStyle } from '../../components/password-field.ts'
import { toast } from '../../components/toast.ts'
import { changePassword } from '../../data/account.ts'
import { Refused } from '../../data/failure.ts'
import { isPasswordAllowed } from '../../data/password-rule.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'

type Field = 'current' | 'new'

/** What is wrong, and with which field; null if it is none of them. */
type Problem = { field: Field | null; text: string }

/** Changes the password. */
class MoblogPasswordPart extends MoblogElement {
  static override properties = { isSending: { state: true }, problem: { state: true } }
  declare isSending: boolean
  declare problem: Problem | null

  static override styles = [controls, screen, partStyle, passwordStyle]

  constructor() {
    super()
    this.isSending = false
    this.problem = null
  }

  protected override render() {
    const { changePassword: change, currentPassword, newPassword, passwordHint } = words()
    const { problem } = this
    const general =
      problem?.field === null ? html`<p class="error" role="alert">${problem.text}</p>` : nothing
    return html`<form class="section form" @submit=${this.#change}>
      ${this.#field('current', currentPassword, 'current-password')}
      ${this.#field('new', newPassword, 'new-password', passwordHint)} ${general}
      <button class="button" ?disabled=${this.isSending}>${change}</button>
    </form>`
  }

  #field(name: Field, label: string, autocomplete: AutoFill, hint: string | null = null): TemplateResult {
    const problem = this.problem?.field === name ? this.problem.text : null
    return passwordField({ name, label, autocomplete, hint, problem })
  }

  readonly #change = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const [currentPassword, newPassword] = [passwordIn(form, 'current'), passwordIn(form, 'new')]
    if (!isPasswordAllowed(newPassword)) {
      await this.#explain({ field: 'new', text: words().passwordRule })
      return
    }
    if (!(await this.#send(() => changePassword({ currentPassword, newPassword })))) return
    form.reset()
    toast(words().passwordChanged)
  }

  async #send(action: () => Promise<void>): Promise<boolean> {
    this.isSending = true
    this.problem = null
    try {
      await action()
      return true
    } catch (error) {
      await this.#explain(problemOf(error))
      return false
    } finally {
      this.isSending = false
    }
  }

  /** Shows a problem, and leads to its field. */
  async #explain(problem: Problem): Promise<void> {
    this.problem = problem
    await this.updateComplete
    if (problem.field) this.renderRoot.querySelector<HTMLInputElement>(`[name=${problem.field}]`)?.focus()
  }
}

function passwordIn(form: HTMLFormElement, field: Field): string {
  return String(new FormData(form).get(field) ?? '')
}

function problemOf(error: unknown): Problem {
  const { passwordRule, wrongPassword } = words()
  const text = explainError(error, { INVALID_INPUT: passwordRule, NOT_ALLOWED: wrongPassword })
  const fields: Partial<Record<string, Field>> = { INVALID_INPUT: 'new', NOT_ALLOWED: 'current' }
  return { field: (error instanceof Refused && fields[error.code]) || null, text }
}

customElements.define('moblog-password-part', MoblogPasswordPart)
