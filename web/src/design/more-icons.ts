import { svg, type TemplateResult } from 'lit'
import { along, COMPASS, filled, outline } from './icons.ts'

/** The icons that only parts use which are loaded when they are needed. */
export const moreIcons = {
  at: (): TemplateResult =>
    outline(
      svg`<circle cx="12" cy="12" r="3.6"/><path d="M15.6 8.4v5a2.4 2.4 0 0 0 4.8 0V12a8.4 8.4 0 1 0-3.4 6.7"/>`,
    ),
  hash: (): TemplateResult =>
    outline(svg`<path d="M9.6 4.4 7.4 19.6M16.6 4.4l-2.2 15.2M4.8 9h15M4.2 15h15"/>`),
  forward: (): TemplateResult => outline(along(svg`<path d="m9.4 5.4 6.6 6.6-6.6 6.6"/>`)),
  close: (): TemplateResult => outline(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  trash: (): TemplateResult =>
    outline(
      svg`<path d="M4.6 7h14.8M9.6 7V4.6h4.8V7M6.4 7l.9 12.6h9.4L17.6 7M10.2 10.6v5.6M13.8 10.6v5.6"/>`,
    ),
  edit: (): TemplateResult =>
    outline(svg`<path d="m4.4 19.6.9-4L15.8 5.1a1.9 1.9 0 0 1 2.7 0l.4.4a1.9 1.9 0 0 1 0 2.7L8.4 18.7Z"/>`),
  leave: (): TemplateResult =>
    outline(
      svg`<path d="M13.6 4.6H6.2A1.6 1.6 0 0 0 4.6 6.2v11.6a1.6 1.6 0 0 0 1.6 1.6h7.4M16 8l4 4-4 4M20 12H9.6"/>`,
    ),
  block: (): TemplateResult => outline(svg`${COMPASS}<path d="m6.2 6.2 11.6 11.6"/>`),
  device: (): TemplateResult =>
    outline(svg`<rect x="6.6" y="3" width="10.8" height="18" rx="2.4"/><path d="M10.8 17.8h2.4"/>`),
  storage: (): TemplateResult =>
    outline(
      svg`<ellipse cx="12" cy="6.4" rx="7.4" ry="2.8"/><path d="M4.6 6.4v11.2c0 1.5 3.3 2.8 7.4 2.8s7.4-1.3 7.4-2.8V6.4M4.6 12c0 1.5 3.3 2.8 7.4 2.8s7.4-1.3 7.4-2.8"/>`,
    ),
  key: (): TemplateResult =>
    outline(svg`<circle cx="8.4" cy="15.6" r="4"/><path d="m11.3 12.7 8-8M15.6 8.4l2.8 2.8"/>`),
  language: (): TemplateResult =>
    outline(
      svg`<path d="M3.6 6h10M8.6 4v2M11.6 6c-.9 3.8-3.4 6.6-7.2 8.2M6 9.4c1.2 2.3 3 3.9 5.4 4.8M12.4 20l4-9.6 4 9.6M13.8 16.8h5.2"/>`,
    ),
  theme: (): TemplateResult =>
    outline(svg`${COMPASS}<path d="M12 3.6v16.8a8.4 8.4 0 0 0 0-16.8Z" fill="currentColor"/>`),
  send: (): TemplateResult =>
    filled(
      along(
        svg`<path d="M3.6 4.3c0-.8.8-1.3 1.5-1l15.3 7.8c.7.4.7 1.4 0 1.8L5.1 20.7c-.7.3-1.5-.2-1.5-1l1.3-6.3L13 12l-8.1-1.4Z"/>`,
      ),
    ),
  film: (): TemplateResult =>
    outline(
      svg`<rect x="3.8" y="5.8" width="16.4" height="12.4" rx="2.6"/><path d="m10.4 9.4 4.2 2.6-4.2 2.6Z" fill="currentColor"/>`,
    ),
  microphone: (): TemplateResult =>
    outline(
      svg`<rect x="9" y="3.6" width="6" height="10.8" rx="3"/><path d="M5.8 11.6a6.2 6.2 0 0 0 12.4 0M12 17.8v2.6"/>`,
    ),
  mute: (): TemplateResult =>
    outline(
      svg`<path d="M4.2 4.2l15.6 15.6M8 6.2a5.8 5.8 0 0 1 9.8 4c0 1.7.3 3 .7 3.9M6.3 9.6c0 4.8-2.1 6.6-2.1 6.6h12M10 19.6a2.2 2.2 0 0 0 4 0"/>`,
    ),
  reply: (): TemplateResult => outline(svg`<path d="M9.6 6 4.4 11l5.2 5M5 11h8.4c3.6 0 6.2 2.4 6.2 6.4"/>`),
  share: (): TemplateResult =>
    outline(
      svg`<path d="M12 14.6V4.2M8.2 7.6 12 3.8l3.8 3.8M6 11.6H5.2a1.2 1.2 0 0 0-1.2 1.2v6a1.2 1.2 0 0 0 1.2 1.2h13.6a1.2 1.2 0 0 0 1.2-1.2v-6a1.2 1.2 0 0 0-1.2-1.2H18"/>`,
    ),
}
