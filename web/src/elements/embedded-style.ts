import sizes from '../design/sizes.css?raw'

/** The sizes and times of the client. Its colours are not those of the page. */
const SIZES = `:host { ${sizes.match(/--(space|control|text|line|radius|time|ease)[\w-]*:[^;]+;/g)?.join(' ')} }`

/** What a page may change begins with `--moblog-recorder-`. The rest follows the colours of the page and its `color-scheme`. */
const COLOURS = `
:host {
  --color-ink: var(--moblog-recorder-ink, CanvasText);
  --color-ink-soft: var(--color-ink);
  --color-sunken: var(--moblog-recorder-surface, color-mix(in srgb, CanvasText 8%, Canvas));
  --color-line-strong: color-mix(in srgb, CanvasText 45%, Canvas);
  --color-accent: var(--moblog-recorder-accent, #bf4216);
  --color-accent-ink: var(--moblog-recorder-accent-ink, #fff);
  --color-accent-text: var(--moblog-recorder-accent, color-mix(in srgb, #bf4216 65%, CanvasText));
  --color-accent-soft: color-mix(in srgb, var(--color-accent) 14%, Canvas);
  --color-stage: #0c0a09;
  --color-on-stage: #fff;
  --color-stage-veil: rgb(12 10 9 / 62%);
  --radius-l: var(--moblog-recorder-radius, 1.25rem);
  display: grid;
  min-block-size: min(36rem, 100dvh);
}
:host([hidden]) {
  display: none;
}
/* The page says how high it is. */
moblog-recorder-view {
  min-block-size: 0;
}
`

let sheet: CSSStyleSheet | undefined

/** The style around the recorder on other pages. It is a constructed style sheet, because pages forbid style elements. */
export function embeddedStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(SIZES + COLOURS)
  }
  return sheet
}
