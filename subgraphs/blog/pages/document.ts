import { DESIGN_TOKENS } from './design-tokens.ts'
import { type Html, html, verbatim } from './html.ts'
import { renderIconShapes } from './page-icons.ts'
import { type PageLanguage, pageWords } from './page-language.ts'
import { PAGE_STYLE } from './page-style.ts'

/** The parts of an HTML document that differ between pages. */
export type DocumentParts = { title: string; head: Html; content: Html; language: PageLanguage }

const paper = DESIGN_TOKENS.get('--color-paper')

// The bars of the browser around the page.
const THEME_COLOURS = html`<meta name="theme-color" content="${paper?.light}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${paper?.dark}" media="(prefers-color-scheme: dark)">`

/** Asks search engines not to keep a page. */
export const NOINDEX = html`<meta name="robots" content="noindex">`

/**
 * What search engines are told about a page with public posts: nothing, or to leave it out while it shows a post that expires,
 * because they keep what they have read for weeks. `unavailable_after` would name the instant, but few of them understand it, and
 * the page of a moblog would not come back afterwards.
 */
export function robotsHint(posts: readonly { expiresAt: Date | null }[]): Html | false {
  return posts.some(({ expiresAt }) => expiresAt !== null) && NOINDEX
}

/** Renders a complete document with the style of all pages. */
export function renderDocument({ title, head, content, language }: DocumentParts): Html {
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${THEME_COLOURS}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${verbatim(PAGE_STYLE)}</style>
${head}
</head>
<body>
${renderIconShapes()}${content}
</body>
</html>
`
}

// A window with a lamp, as in empty lists of the web client.
const DRAWING = verbatim(
  '<svg viewBox="0 0 160 140" aria-hidden="true"><rect x="34" y="22" width="92" height="104" rx="46" class="sky"/><circle cx="104" cy="58" r="12" class="sun"/><path d="M22 126h116" class="line"/><path d="M48 126c2-18 14-28 32-28s30 10 32 28Z" class="hill"/></svg>',
)

/**
 * Renders a page that contains only a message.
 *
 * @param client the address of the web client, without a `/` at the end
 */
export function renderNotice(text: string, language: PageLanguage, client: string): Html {
  return renderDocument({
    title: 'Moblog',
    head: NOINDEX,
    content: html`<main class="notice">${DRAWING}<h1>Moblog</h1><p>${text}</p>
<a class="button" href="${client}/">${pageWords(language).openClient}</a></main>`,
    language,
  })
}
