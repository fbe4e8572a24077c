import { html, type TemplateResult } from 'lit'
import { words } from './messages.ts'

/** Says that a file of the client could not be loaded. Its styles are in `design/base.css` and in the shell. */
export function lostNotice(retry: () => void): TemplateResult {
  const { lost, tryAgain } = words()
  return html`<div class="lost" role="alert">
    <p>${lost}</p>
    <button type="button" class="button quiet" @click=${retry}>${tryAgain}</button>
  </div>`
}
