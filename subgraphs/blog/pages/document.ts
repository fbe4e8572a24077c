import { NOINDEX, renderDocument as renderStyled } from '../../../platform/pages/document.ts'
import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageLanguage } from '../../../platform/pages/page-language.ts'
import { renderIconShapes } from './page-icons.ts'
import { PAGE_STYLE } from './page-style.ts'

/** The parts of a page's document that differ between pages. */
export type DocumentParts = { title: string; head: Html; content: Html; language: PageLanguage }

/**
 * What search engines are told about a page with public posts: nothing, or to leave it out while it shows a post that expires,
 * because they keep what they have read for weeks. `unavailable_after` would name the instant, but few of them understand it, and
 * the page of a moblog would not come back afterwards.
 */
export function robotsHint(posts: readonly { expiresAt: Date | null }[]): Html | false {
  return posts.some(({ expiresAt }) => expiresAt !== null) && NOINDEX
}

/** Renders a complete document with the style of all pages. */
export function renderDocument({ content, ...parts }: DocumentParts): Html {
  return renderStyled({ ...parts, style: PAGE_STYLE, content: html`${renderIconShapes()}${content}` })
}
