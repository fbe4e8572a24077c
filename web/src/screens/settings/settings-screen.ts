import { html, type TemplateResult } from 'lit'
import { goBack } from '../../app/go-back.ts'
import { addressOf, type SettingsPart } from '../../app/routes.ts'
import { chooseTheme, chosenTheme, type Theme } from '../../app/theme.ts'
import { askUser } from '../../components/sheet.ts'
import { signOut } from '../../data/account.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { chooseLanguage, language } from '../../i18n/language.ts'
import './blocked-part.ts'
import './delete-part.ts'
import './hidden-part.ts'
import { words } from './messages.ts'
import './muted-part.ts'
import './password-part.ts'
import './profile-part.ts'
import './receipts-row.ts'
import './sessions-part.ts'
import { settingsStyle } from './settings-style.ts'
import './storage-part.ts'

/** The settings, and each of their parts. */
class MoblogSettingsScreen extends MoblogElement {
  static override properties = { section: { attribute: false } }
  declare section: SettingsPart | null

  static override styles = [controls, screen, settingsStyle]

  constructor() {
    super()
    this.section = null
  }

  protected override render() {
    const { back, settings } = words()
    const part = this.section
    const parent = addressOf(part ? { name: 'settings', part: null } : { name: 'me' })
    return html`
      <header class="top">
        <a class="icon-button back" href=${parent} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${part ? titleOf(part) : settings}</h1>
      </header>
      <div class="page">${part ? contentOf(part) : this.#overview()}</div>
    `
  }

  #overview(): TemplateResult {
    const { account, appearance, language: languageLabel, privacy, signOut: leave, theme } = words()
    return html`
      <section class="section">
        ${link('profile', icons.person)} ${link('storage', moreIcons.storage)}
        <a class="row" href=${addressOf({ name: 'lists', id: null })}>${icons.people()}<span>${words().lists}</span>${moreIcons.forward()}</a>
      </section>
      <h2 class="heading">${privacy}</h2>
      <section class="section">
        <moblog-receipts-row></moblog-receipts-row>
        ${link('muted', moreIcons.mute)} ${link('hidden', icons.eyeOff)} ${link('blocked', moreIcons.block)}
      </section>
      <h2 class="heading">${appearance}</h2>
      <section class="section">
        <div class="row">${moreIcons.language()}<label class="short" for="language">${languageLabel}</label>
          <select id="language" class="input" @change=${changeLanguage}>
            <option value="en" lang="en" ?selected=${language() === 'en'}>English</option>
            <option value="zh-Hans" lang="zh-Hans" ?selected=${language() === 'zh-Hans'}>简体中文</option>
          </select>
        </div>
        <div class="row">${moreIcons.theme()}<label class="short" for="theme">${theme}</label>
          <select id="theme" class="input" @change=${changeTheme}>${themeOptions()}</select>
        </div>
      </section>
      <h2 class="heading">${account}</h2>
      <section class="section">
        ${link('sessions', moreIcons.device)} ${link('password', moreIcons.key)}
        <button type="button" class="row" @click=${() => void confirmSignOut()}>${moreIcons.leave()}<span>${leave}</span></button>
        ${link('delete', moreIcons.trash, true)}
      </section>
    `
  }
}

function titleOf(part: SettingsPart): string {
  const { blocked, changePassword, deleteAccount, hidden, muted, profile, sessions, storage } = words()
  return {
    blocked,
    delete: deleteAccount,
    hidden,
    muted,
    password: changePassword,
    profile,
    sessions,
    storage,
  }[part]
}

function link(part: SettingsPart, icon: () => TemplateResult, isDangerous = false): TemplateResult {
  return html`<a class=${isDangerous ? 'row dangerous' : 'row'} href=${addressOf({ name: 'settings', part })}>
    ${icon()}<span>${titleOf(part)}</span>${moreIcons.forward()}
  </a>`
}

function contentOf(part: SettingsPart): TemplateResult {
  if (part === 'profile') return html`<moblog-profile-part></moblog-profile-part>`
  if (part === 'sessions') return html`<moblog-sessions-part></moblog-sessions-part>`
  if (part === 'storage') return html`<moblog-storage-part></moblog-storage-part>`
  if (part === 'muted') return html`<moblog-muted-part></moblog-muted-part>`
  if (part === 'hidden') return html`<moblog-hidden-part></moblog-hidden-part>`
  if (part === 'blocked') return html`<moblog-blocked-part></moblog-blocked-part>`
  if (part === 'delete') return html`<moblog-delete-part></moblog-delete-part>`
  return html`<moblog-password-part></moblog-password-part>`
}

function themeOptions(): TemplateResult[] {
  const { dark, light, likeDevice } = words()
  const options = [
    ['', likeDevice],
    ['light', light],
    ['dark', dark],
  ] as const
  return options.map(
    ([value, label]) =>
      html`<option value=${value} ?selected=${value === (chosenTheme() ?? '')}>${label}</option>`,
  )
}

function changeLanguage(event: Event): void {
  chooseLanguage((event.target as HTMLSelectElement).value === 'zh-Hans' ? 'zh-Hans' : 'en')
}

function changeTheme(event: Event): void {
  const { value } = event.target as HTMLSelectElement
  const theme: Theme = value === 'light' || value === 'dark' ? value : null
  chooseTheme(theme)
}

async function confirmSignOut(): Promise<void> {
  const { signOut: label, signOutText: text, signOutTitle: title } = words()
  const choices = [{ key: 'out', label, icon: moreIcons.leave, isDangerous: true }]
  if ((await askUser({ title, text, name: title, choices })) === 'out') await signOut()
}

customElements.define('moblog-settings-screen', MoblogSettingsScreen)
