import { html, type TemplateResult } from 'lit'
import { fullTime, timeAgo } from '../i18n/format.ts'

/** Shows how long ago something was; the full time is the tooltip. */
export function time(value: string): TemplateResult {
  return html`<time datetime=${value} title=${fullTime(value)}>${timeAgo(value)}</time>`
}
