import { html, svg, type TemplateResult } from 'lit'

/** An icon of lines. */
export const outline = (content: unknown) =>
  html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${content}</svg>`
export const filled = (content: unknown) =>
  html`<svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" aria-hidden="true" focusable="false">${content}</svg>`
/** Points along the line of text: `controls` turns it around where text runs from right to left. */
export const along = (content: unknown) => svg`<g class="along">${content}</g>`

const HEART = svg`<path d="M12 20.3s-7.8-4.6-7.8-10.4A4.4 4.4 0 0 1 12 7.2a4.4 4.4 0 0 1 7.8 2.7c0 5.8-7.8 10.4-7.8 10.4Z"/>`
const HOUSE = svg`<path d="M4 10.6 12 4l8 6.6V19a1.2 1.2 0 0 1-1.2 1.2H14.6v-5.6H9.4v5.6H5.2A1.2 1.2 0 0 1 4 19Z"/>`
const BELL = svg`<path d="M6.2 10.2a5.8 5.8 0 0 1 11.6 0c0 4.6 2 6 2 6H4.2s2-1.4 2-6Z"/><path d="M10 19.6a2.2 2.2 0 0 0 4 0" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>`
export const COMPASS = svg`<circle cx="12" cy="12" r="8.4"/>`

/**
 * The icons of what the client shows first; `more-icons.ts` has the others. They are decoration: the control around one has
 * a name.
 */
export const icons = {
  home: (): TemplateResult => outline(HOUSE),
  homeOn: (): TemplateResult => filled(HOUSE),
  discover: (): TemplateResult => outline(svg`${COMPASS}<path d="m15.4 8.6-2 4.8-4.8 2 2-4.8Z"/>`),
  discoverOn: (): TemplateResult =>
    filled(
      svg`<path fill-rule="evenodd" d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm4.6 4.4-2.9 6.3-6.3 2.9 2.9-6.3Z"/>`,
    ),
  bell: (): TemplateResult => outline(BELL),
  bellOn: (): TemplateResult => filled(BELL),
  plus: (): TemplateResult => outline(svg`<path d="M12 5v14M5 12h14"/>`),
  search: (): TemplateResult =>
    outline(svg`<circle cx="10.8" cy="10.8" r="6.2"/><path d="m15.6 15.6 4.4 4.4"/>`),
  people: (): TemplateResult =>
    outline(
      svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M2.8 19.2c.5-3.3 3-5.2 6.2-5.2s5.7 1.9 6.2 5.2"/><path d="M15.6 5.3a3.5 3.5 0 0 1 0 6.4M18 14.6c1.7.8 2.9 2.4 3.2 4.6"/>`,
    ),
  list: (): TemplateResult =>
    outline(
      svg`<circle cx="8.6" cy="8.5" r="3.5"/><path d="M2.6 19.2c.5-3.3 2.9-5.2 6-5.2s5.5 1.9 6 5.2M15.8 6.2h5.4M15.8 10.4h5.4M17.6 14.6h3.6"/>`,
    ),
  person: (): TemplateResult =>
    outline(svg`<circle cx="12" cy="8.3" r="3.9"/><path d="M4.6 20c.7-3.8 3.7-6 7.4-6s6.7 2.2 7.4 6"/>`),
  heart: (): TemplateResult => outline(HEART),
  heartOn: (): TemplateResult => filled(HEART),
  comment: (): TemplateResult =>
    outline(
      svg`<path d="M12 4.4c4.7 0 8.4 3.1 8.4 7.1s-3.7 7.1-8.4 7.1c-1 0-2-.1-2.9-.4L4.6 20l1.2-3.7c-1.4-1.3-2.2-2.9-2.2-4.8 0-4 3.7-7.1 8.4-7.1Z"/>`,
    ),
  back: (): TemplateResult => outline(along(svg`<path d="M14.6 5.4 8 12l6.6 6.6"/>`)),
  more: (): TemplateResult =>
    filled(
      svg`<circle cx="5.6" cy="12" r="1.7"/><circle cx="12" cy="12" r="1.7"/><circle cx="18.4" cy="12" r="1.7"/>`,
    ),
  globe: (): TemplateResult =>
    outline(
      svg`${COMPASS}<path d="M3.8 12h16.4M12 3.6c2.4 2.3 3.6 5.1 3.6 8.4S14.4 18.1 12 20.4C9.6 18.1 8.4 15.3 8.4 12S9.6 5.9 12 3.6Z"/>`,
    ),
  lock: (): TemplateResult =>
    outline(
      svg`<rect x="5.2" y="10.6" width="13.6" height="9.4" rx="2.2"/><path d="M8.2 10.6V8a3.8 3.8 0 0 1 7.6 0v2.6"/>`,
    ),
  clock: (): TemplateResult => outline(svg`${COMPASS}<path d="M12 7.4V12l3 2"/>`),
  settings: (): TemplateResult =>
    outline(
      svg`<path d="M4 7.4h9M17.6 7.4H20M4 16.6h2.4M11 16.6h9"/><circle cx="15.3" cy="7.4" r="2.3"/><circle cx="8.7" cy="16.6" r="2.3"/>`,
    ),
  eye: (): TemplateResult =>
    outline(
      svg`<path d="M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12Z"/><circle cx="12" cy="12" r="2.8"/>`,
    ),
  eyeOff: (): TemplateResult =>
    outline(
      svg`<path d="M4.4 4.4l15.2 15.2M9.6 6.2a8.6 8.6 0 0 1 2.4-.4c6 0 9.2 6.2 9.2 6.2a16 16 0 0 1-2.5 3.3M6.4 7.8A16 16 0 0 0 2.8 12s3.2 6.2 9.2 6.2a8.8 8.8 0 0 0 4-1M10.2 10.2a2.6 2.6 0 0 0 3.6 3.6"/>`,
    ),
  timer: (): TemplateResult =>
    outline(svg`<circle cx="12" cy="13.4" r="7"/><path d="M12 9.8v3.6l2.2 1.6M9.6 3.4h4.8"/>`),
  warning: (): TemplateResult => outline(svg`<path d="M12 4.2 21 19.4H3ZM12 10v4.4M12 16.9h.01"/>`),
  offline: (): TemplateResult =>
    outline(
      svg`<path d="m4 4 16 16M8.2 15.4a5.4 5.4 0 0 1 7.6 0M5.2 12a9.7 9.7 0 0 1 4.4-2.5M13.4 9.2A9.7 9.7 0 0 1 18.8 12M12 19.2h.01"/>`,
    ),
  up: (): TemplateResult => outline(svg`<path d="M12 19V5.6M6 11.4 12 5.4l6 6"/>`),
  check: (): TemplateResult => outline(svg`<path d="m5 12.6 4.6 4.6L19.2 7.4"/>`),
  image: (): TemplateResult =>
    outline(
      svg`<rect x="3.8" y="4.8" width="16.4" height="14.4" rx="2.6"/><circle cx="9" cy="10" r="1.6"/><path d="m4.4 17.4 4.8-4 3.2 2.6 3.4-3.4 4.2 4"/>`,
    ),
}
