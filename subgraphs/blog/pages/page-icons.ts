import { type Html, html, verbatim } from '../../../platform/pages/html.ts'

/** The shapes of the icons on pages, as the web client draws them on a square of 24. */
export const ICON_SHAPES = {
  heart:
    '<path d="M12 20.3s-7.8-4.6-7.8-10.4A4.4 4.4 0 0 1 12 7.2a4.4 4.4 0 0 1 7.8 2.7c0 5.8-7.8 10.4-7.8 10.4Z"/>',
  comment:
    '<path d="M12 4.4c4.7 0 8.4 3.1 8.4 7.1s-3.7 7.1-8.4 7.1c-1 0-2-.1-2.9-.4L4.6 20l1.2-3.7c-1.4-1.3-2.2-2.9-2.2-4.8 0-4 3.7-7.1 8.4-7.1Z"/>',
  lock: '<rect x="5.2" y="10.6" width="13.6" height="9.4" rx="2.2"/><path d="M8.2 10.6V8a3.8 3.8 0 0 1 7.6 0v2.6"/>',
  people:
    '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.8 19.2c.5-3.3 3-5.2 6.2-5.2s5.7 1.9 6.2 5.2"/><path d="M15.6 5.3a3.5 3.5 0 0 1 0 6.4M18 14.6c1.7.8 2.9 2.4 3.2 4.6"/>',
  warning: '<path d="M12 4.2 21 19.4H3ZM12 10v4.4M12 16.9h.01"/>',
}

/** The name of an icon. */
export type IconName = keyof typeof ICON_SHAPES

/** Renders the shapes of all icons once, invisibly. */
export function renderIconShapes(): Html {
  const symbols = Object.entries(ICON_SHAPES).map(
    ([name, shape]) => html`<symbol id="i-${name}" viewBox="0 0 24 24">${verbatim(shape)}</symbol>`,
  )
  return html`<svg width="0" height="0" aria-hidden="true">${symbols}</svg>`
}

/** Renders an icon, which is decoration: words stand beside it. */
export function renderIcon(name: IconName): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`
}
