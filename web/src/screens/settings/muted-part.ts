import { html } from 'lit'
import { MutedUsersDocument } from '../../../../generated/graphql/web.ts'
import '../../components/empty.ts'
import { listEnd } from '../../components/list-state.ts'
import '../../components/more.ts'
import { turnMute } from '../../components/person-steps.ts'
import '../../components/person-row.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { PagedQuery } from '../../data/paged-query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { labelFor } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'

/** The users whom the viewer has muted. */
class MoblogMutedPart extends MoblogElement {
  readonly #users = new PagedQuery(
    this,
    MutedUsersDocument,
    () => ({}),
    ({ viewer }) => viewer?.mutedUsers,
  )

  static override styles = [controls, screen, partStyle]

  protected override render() {
    const users = this.#users.items
    const { mutedEmpty, mutedEmptyText, unmute } = words()
    if (users === null) return this.#users.problem ? listEnd(this.#users) : rowPlaceholders(3)
    if (users.length === 0)
      return html`<moblog-empty .heading=${mutedEmpty} .text=${mutedEmptyText}></moblog-empty>`
    return html`<div class="section">
        ${users.map(
          (user) => html`<moblog-person-row .person=${user}>
            <button type="button" class="button quiet" aria-label=${labelFor(unmute, user.displayName)} @click=${() => void turnMute({ ...user, isMuted: true })}>
              ${unmute}
            </button>
          </moblog-person-row>`,
        )}
      </div>
      ${listEnd(this.#users)}`
  }
}

customElements.define('moblog-muted-part', MoblogMutedPart)
