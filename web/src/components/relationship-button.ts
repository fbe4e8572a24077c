import { html, nothing, type TemplateResult } from 'lit'
import { STEPS } from '../data/people.ts'
import { icons } from '../design/icons.ts'
import { labelFor } from '../i18n/format.ts'
import { words } from './menus/messages.ts'
import { confirmStep, type Mutable, offerSteps, stepLabel } from './person-steps.ts'

/**
 * What a user in a list is to the viewer, as the button that changes it: it adds a friend or accepts a request at once, and
 * offers more about a request that was sent. Nothing beside friends changes by accident, so they have no button.
 */
export function relationshipButton(user: Mutable): TemplateResult | typeof nothing {
  const { friends, requested } = words()
  const { displayName, relationship } = user
  const [first] = STEPS[relationship]
  if (relationship === 'SELF' || first === undefined) return nothing
  if (relationship === 'FRIEND') return html`<span class="soft">${icons.check()} ${friends}</span>`
  const isSent = relationship === 'REQUEST_SENT'
  const label = isSent ? requested : stepLabel(first)
  const act = () => void (isSent ? offerSteps(STEPS.REQUEST_SENT, user) : confirmStep(first, user))
  return html`<button
    type="button"
    class=${isSent || relationship === 'BLOCKED' ? 'button quiet' : 'button'}
    aria-label=${labelFor(label, displayName)}
    aria-haspopup=${isSent ? 'dialog' : nothing}
    @click=${act}
  >
    ${label}
  </button>`
}
