import { css, html, nothing } from 'lit'
import { SessionsDocument } from '../../../../generated/graphql/web.ts'
import { attempt } from '../../components/attempt.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { askUser } from '../../components/sheet.ts'
import { time } from '../../components/time.ts'
import { endSession, signOutEverywhere } from '../../data/account.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'

/** The devices on which the user is signed in. */
class MoblogSessionsPart extends MoblogElement {
  readonly #sessions = new PagedQuery(
    this,
    SessionsDocument,
    () => ({}),
    ({ viewer }) => viewer?.sessions,
  )

  static override styles = [
    controls,
    screen,
    settingsStyle,
    partStyle,
    css`
      /* So that the name of a device stays on one line on the narrowest phones. */
      .row {
        gap: var(--space-3);
      }
      .row .button {
        padding-inline: var(--space-3);
      }
    `,
  ]

  protected override render() {
    const sessions = this.#sessions.items
    const { device, end, lastUsed, signOutEverywhere: everywhere, thisDevice } = words()
    if (sessions === null) return this.#sessions.problem ? listEnd(this.#sessions) : rowPlaceholders(3)
    return html`<div class="section">
        ${sessions.map(
          ({ id, deviceName, isCurrent, lastUsedAt }) => html`<div class="row">
            ${moreIcons.device()}
            <span><strong dir="auto">${deviceName ?? device}</strong><small>${isCurrent ? thisDevice : html`${lastUsed}${time(lastUsedAt)}`}</small></span>
            ${isCurrent ? nothing : html`<button type="button" class="button quiet" aria-label=${labelFor(end, deviceName ?? device)} @click=${() => void attempt(() => endSession(id))}>${end}</button>`}
          </div>`,
        )}
      </div>
      ${listEnd(this.#sessions)}
      <button type="button" class="button danger" @click=${() => void confirmEverywhere()}>${everywhere}</button>`
  }
}

async function confirmEverywhere(): Promise<void> {
  const { signOutEverywhere: label, signOutText: text } = words()
  const choices = [{ key: 'out', label, icon: moreIcons.leave, isDangerous: true }]
  if ((await askUser({ title: label, name: label, text, choices })) === 'out')
    await attempt(signOutEverywhere)
}

customElements.define('moblog-sessions-part', MoblogSessionsPart)
