import { html, type TemplateResult } from 'lit'
import { words } from './messages.ts'

/** Says that a form shows what the user typed before and has not saved, with a way to discard it. */
export function unsavedNotice(discard: () => void): TemplateResult {
  const { discard: label, unsaved } = words()
  return html`<div class="problem" role="status">
    <p>${unsaved}</p>
    <button type="button" class="button quiet" @click=${discard}>${label}</button>
  </div>`
}
