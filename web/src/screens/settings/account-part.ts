import { html, type TemplateResult } from 'lit'
import { attempt } from '../../components/attempt.ts'
import { toast } from '../../components/toast.ts'
import { changePassword, deleteAccount } from '../../data/account.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'

/** Changes the password, or deletes the account. */
class MoblogAccountPart extends MoblogElement {
  static override properties = { section: { attribute: false }, isSending: { state: true } }
  declare section: 'password' | 'delete'
  declare isSending: boolean

  static override styles = [controls, screen, partStyle]

  constructor() {
    super()
    this.section = 'password'
    this.isSending = false
  }

  protected override render() {
    const {
      changePassword: change,
      currentPassword,
      deleteAccount: remove,
      deleteText,
      newPassword,
      password,
    } = words()
    if (this.section === 'delete') {
      return html`<form class="section form" @submit=${this.#delete}>
        <p>${deleteText}</p>
        ${field('current', password, 'current-password')}
        <button class="button danger" ?disabled=${this.isSending}>${remove}</button>
      </form>`
    }
    return html`<form class="section form" @submit=${this.#change}>
      ${field('current', currentPassword, 'current-password')} ${field('new', newPassword, 'new-password')}
      <button class="button" ?disabled=${this.isSending}>${change}</button>
    </form>`
  }

  readonly #change = (event: SubmitEvent) =>
    this.#send(event, async (text, form) => {
      await changePassword({ currentPassword: text('current'), newPassword: text('new') })
      form.reset()
      toast(words().passwordChanged)
    })

  readonly #delete = (event: SubmitEvent) => this.#send(event, (text) => deleteAccount(text('current')))

  async #send(
    event: SubmitEvent,
    action: (text: (name: string) => string, form: HTMLFormElement) => Promise<void>,
  ): Promise<void> {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const values = new FormData(form)
    this.isSending = true
    const { passwordRule, wrongPassword } = words()
    await attempt(() => action((name) => String(values.get(name) ?? ''), form), {
      INVALID_INPUT: passwordRule,
      NOT_ALLOWED: wrongPassword,
    })
    this.isSending = false
  }
}

function field(name: string, label: string, autocomplete: AutoFill): TemplateResult {
  return html`<label class="field">
    <span>${label}</span>
    <input class="input" type="password" name=${name} autocomplete=${autocomplete} required />
  </label>`
}

customElements.define('moblog-account-part', MoblogAccountPart)
