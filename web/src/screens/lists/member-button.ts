import { html, type TemplateResult } from 'lit'
import { words } from './messages.ts'

/** A button that adds a user to a list, or removes a member from it. */
export function memberButton(displayName: string, isMember: boolean, act: () => void): TemplateResult {
  const { add, addPerson, remove, removePerson } = words()
  return html`<button
    type="button"
    class=${isMember ? 'button quiet' : 'button'}
    aria-label=${(isMember ? removePerson : addPerson)(displayName)}
    @click=${act}
  >
    ${isMember ? remove : add}
  </button>`
}
