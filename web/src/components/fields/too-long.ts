import { html, nothing, type TemplateResult } from 'lit'
import { lengthOf } from '../../length-of.ts'
import { words } from './messages.ts'

/**
 * Says below a field how much too long its text is. Fields have no `maxlength`: it counts otherwise than the API, and
 * cuts the end of what is pasted without a word.
 */
export function tooLong(text: string, most: number): TemplateResult | typeof nothing {
  const length = lengthOf(text)
  return length > most ? html`<p class="error" role="alert">${words().tooLong(length, most)}</p>` : nothing
}
