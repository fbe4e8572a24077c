import { html, type TemplateResult } from 'lit'

/** Shapes in the place of rows that are still being read. Needs the style `placeholderStyle` or that of screens. */
export function rowPlaceholders(count: number): TemplateResult {
  return html`<div class="section" aria-hidden="true">
    ${Array.from(
      { length: count },
      () => html`<div class="bone-row"><span class="bone round"></span><span class="bone text"></span></div>`,
    )}
  </div>`
}

/** Shapes in the place of posts. */
export function postPlaceholders(count: number): TemplateResult {
  return html`${Array.from(
    { length: count },
    () => html`<div class="section bone-post" aria-hidden="true">
      <div class="bone-row"><span class="bone round"></span><span class="bone text"></span></div>
      <div class="bone picture"></div>
      <div class="bone-row"><span class="bone text"></span></div>
    </div>`,
  )}`
}
