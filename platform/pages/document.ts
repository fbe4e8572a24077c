import { DESIGN_TOKENS } from './design-tokens.ts'
import { type Html, html, verbatim } from './html.ts'

/** The parts of an HTML document that differ between pages. */
export type DocumentParts = { title: string; style: string; head: Html; content: Html; language: string }

const paper = DESIGN_TOKENS.get('--color-paper')

// The bars of the browser around the page.
const THEME_COLOURS = html`<meta name="theme-color" content="${paper?.light}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${paper?.dark}" media="(prefers-color-scheme: dark)">`

/** Asks search engines not to keep a page. */
export const NOINDEX = html`<meta name="robots" content="noindex">`

/** Renders a complete document. Its style is inside, so that it is readable after one request. */
export function renderDocument({ title, style, head, content, language }: DocumentParts): Html {
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${THEME_COLOURS}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${verbatim(style)}</style>
${head}
</head>
<body>
${content}
</body>
</html>
`
}
