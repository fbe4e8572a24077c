import { html, type TemplateResult } from 'lit'

const HANDLE = /(@[a-z0-9_.]+)/i

/** Renders a text so that the sign of a handle stays before it where the text around runs from right to left. */
export function isolatedHandles(text: string): (string | TemplateResult)[] {
  // With a group in the pattern, every second part is a handle.
  return text.split(HANDLE).map((part, index) => (index % 2 === 1 ? html`<bdi>${part}</bdi>` : part))
}
