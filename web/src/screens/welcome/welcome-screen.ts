import { html, nothing, svg } from 'lit'
import '../../components/avatar.ts'
import { passwordField, passwordStyle } from '../../components/password-field.ts'
import { readFarewell } from '../../data/farewell.ts'
import { loadNewVersion } from '../../data/load-new-version.ts'
import { problemOf } from '../../data/problem.ts'
import { hasSessionEnded } from '../../data/session-store.ts'
import { type Refusal, signIn, signUp } from '../../data/sign-in.ts'
import { controls } from '../../design/controls.ts'
import { MoblogElement } from '../../element.ts'
import { sentences } from '../../i18n/format.ts'
import { chooseLanguage, language } from '../../i18n/language.ts'
import '../farewell/farewell-screen.ts'
import { explainSignIn } from './explain-sign-in.ts'
import { words } from './messages.ts'
import { readSignIn, type SampleAccount } from './sample-accounts.ts'
import { signUpProblems } from './sign-up-problems.ts'
import { welcomeStyle } from './welcome-style.ts'

const MARK = svg`<rect width="64" height="64" rx="18" fill="var(--color-accent)"/><path d="M16 46V22.5a4 4 0 0 1 7.2-2.4L32 32l8.8-11.9a4 4 0 0 1 7.2 2.4V46" fill="none" stroke="var(--color-accent-ink)" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round"/><circle cx="32" cy="45" r="4" fill="var(--color-accent-ink)"/>`

/** The start page: a farewell after the account was deleted, otherwise sign in, create an account, and in development the sample accounts. */
class MoblogWelcomeScreen extends MoblogElement {
  static override properties = {
    isNew: { state: true },
    isSending: { state: true },
    refusals: { state: true },
    samples: { state: true },
    isElsewhere: { state: true },
  }
  declare isNew: boolean
  declare isSending: boolean
  declare refusals: readonly Refusal[]
  declare samples: SampleAccount[]
  /** Whether accounts belong to an identity provider, so that the form could not work. */
  declare isElsewhere: boolean

  static override styles = [controls, passwordStyle, welcomeStyle]

  constructor() {
    super()
    this.isNew = false
    this.isSending = false
    this.refusals = []
    this.samples = []
    this.isElsewhere = false
  }

  protected override firstUpdated(): void {
    void readSignIn().then((answer) => Object.assign(this, answer))
  }

  protected override render() {
    if (readFarewell()) return html`<moblog-farewell-screen></moblog-farewell-screen>`
    const { claim, elsewhere, ended } = words()
    return html`
      <button type="button" class="button plain language" lang=${language() === 'en' ? 'zh-Hans' : 'en'} @click=${() => chooseLanguage(language() === 'en' ? 'zh-Hans' : 'en')}>
        ${words().language}
      </button>
      <main>
        <div class="hero">
          <svg viewBox="0 0 64 64" aria-hidden="true">${MARK}</svg>
          <h1>Moblog</h1>
          <p class="claim">${claim}</p>
        </div>
        ${hasSessionEnded() ? html`<p class="told" role="alert">${ended}</p>` : nothing}
        ${this.isElsewhere ? html`<p class="told" role="status">${elsewhere}</p>` : this.#form()}
      </main>
    `
  }

  #form() {
    const { create, displayName, displayNameHint, handle, handleHint, haveAccount } = words()
    const { newHere, noReset, password, passwordHint } = words()
    const { isNew, isSending } = this
    return html`<form @submit=${this.#submit}>
          ${this.#field('handle', handle, isNew ? handleHint : null, 'username')}
          ${isNew ? this.#field('displayName', displayName, displayNameHint, 'name') : nothing}
          ${passwordField({
            name: 'password',
            label: password,
            autocomplete: isNew ? 'new-password' : 'current-password',
            hint: isNew ? sentences(passwordHint, noReset) : null,
            problem: this.#problemOf('password'),
          })}
          ${this.refusals.filter((refusal) => !this.#hasField(refusal)).map((refusal) => html`<p class="error" role="alert">${explainSignIn(refusal, isNew)}</p>`)}
          ${this.refusals.some(({ code }) => code === 'outdated') ? html`<button type="button" class="button quiet" @click=${loadNewVersion}>${words().reload}</button>` : nothing}
          <button class="button" ?disabled=${isSending}>${isNew ? create : words().signIn}</button>
          <button type="button" class="button plain" @click=${this.#switch}>${isNew ? haveAccount : newHere}</button>
        </form>
        ${this.#sampleList()}`
  }

  #field(name: string, label: string, hint: string | null, autocomplete: AutoFill) {
    const refusal = this.#problemOf(name)
    return html`<label class="field">
      <span>${label}</span>
      <input
        class="input"
        name=${name}
        type="text"
        autocomplete=${autocomplete}
        autocapitalize=${name === 'displayName' ? 'words' : 'none'}
        spellcheck="false"
        required
        aria-invalid=${refusal !== null}
      />
      ${hint === null || hint === refusal ? nothing : html`<small>${hint}</small>`}
      ${refusal === null ? nothing : html`<p class="error" role="alert">${refusal}</p>`}
    </label>`
  }

  #problemOf(name: string): string | null {
    const found = this.refusals.find(({ field }) => field === name)
    return found ? explainSignIn(found, this.isNew) : null
  }

  #sampleList() {
    if (this.samples.length === 0) return nothing
    return html`<section class="samples">
      <h2>${words().samples}</h2>
      <p>${words().samplesHint}</p>
      ${this.samples.map(
        (
          account,
        ) => html`<button type="button" ?disabled=${this.isSending} @click=${() => this.#send(() => signIn(account))}>
          <moblog-avatar .person=${{ id: account.handle, displayName: account.displayName }}></moblog-avatar>
          <span><bdi>${account.displayName}</bdi><small><bdi>@${account.handle}</bdi> · <bdi>${words().sampleNote(account.handle, account.note)}</bdi></small></span>
        </button>`,
      )}
    </section>`
  }

  #hasField({ field }: Refusal): boolean {
    return field === 'handle' || field === 'password' || (field === 'displayName' && this.isNew)
  }

  readonly #switch = () => {
    this.isNew = !this.isNew
    this.refusals = []
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const input = { handle: text('handle').replace(/^@/, ''), password: String(form.get('password') ?? '') }
    const account = { ...input, displayName: text('displayName') }
    this.refusals = this.isNew ? signUpProblems(account) : []
    if (this.refusals.length > 0) void this.#leadToField()
    else void this.#send(() => (this.isNew ? signUp(account) : signIn(input)))
  }

  /** Focuses the first field that has to be corrected, which may be above what the screen shows. */
  async #leadToField(): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }

  async #send(action: () => Promise<Refusal | null>): Promise<void> {
    this.isSending = true
    this.refusals = []
    try {
      const refusal = await action()
      this.refusals = refusal ? [refusal] : []
      await this.#leadToField()
    } catch (error) {
      this.refusals = [{ code: problemOf(error), message: '', field: null }]
    } finally {
      this.isSending = false
    }
  }
}

customElements.define('moblog-welcome-screen', MoblogWelcomeScreen)
