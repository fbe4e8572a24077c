import { createHash } from 'node:crypto'
import { declareTokens } from './design-tokens.ts'
import { NOINDEX, renderDocument } from './document.ts'
import { type Html, html, verbatim } from './html.ts'
import type { PageLanguage } from './page-language.ts'

/** A page that contains only a message, and a link to where the reader can go on; null if that is not known. */
export type NoticePage = {
  text: string
  link: { address: string; label: string } | null
  language: PageLanguage
}

const RULES = [
  '*{box-sizing:border-box}',
  'html{background:var(--color-paper);-webkit-text-size-adjust:100%;text-size-adjust:100%}',
  'body{margin:0;font:var(--text-m)/var(--line) var(--font);color:var(--color-ink-soft);overflow-wrap:anywhere;text-align:center}',
  'main{display:grid;justify-items:center;gap:var(--space-3);padding:18vh var(--space-5) var(--space-7)}',
  'h1,p{margin:0}',
  'h1{font:700 var(--text-2xl)/var(--line-tight) var(--font-title);color:var(--color-ink)}',
  'p{max-width:22rem;text-wrap:balance}',
  'svg{width:10rem;height:8.75rem}',
  '.sky{fill:var(--color-accent-soft)}',
  '.sun,.hill{fill:var(--color-accent)}',
  '.hill{opacity:.28}',
  '.line{fill:none;stroke:var(--color-accent-text);stroke-width:4;stroke-linecap:round;stroke-linejoin:round}',
  'a{display:inline-flex;align-items:center;justify-content:center;min-height:44px;padding:0 var(--space-5);font-weight:600;',
  'line-height:var(--line-tight);color:var(--color-accent-ink);background:var(--color-accent);border-radius:var(--radius-round);',
  'text-decoration:none}',
  ':focus-visible{outline:3px solid var(--color-accent-text);outline-offset:2px}',
].join('')
const STYLE = declareTokens(RULES) + RULES

// A window with a lamp, as in empty lists of the web client.
const DRAWING = verbatim(
  '<svg viewBox="0 0 160 140" aria-hidden="true"><rect x="34" y="22" width="92" height="104" rx="46" class="sky"/><circle cx="104" cy="58" r="12" class="sun"/><path d="M22 126h116" class="line"/><path d="M48 126c2-18 14-28 32-28s30 10 32 28Z" class="hill"/></svg>',
)

/** The headers of such a page. Nothing is loaded but the page itself. */
export const NOTICE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    // The page's empty icon is a `data:` address.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

/** Renders a page that contains only a message. */
export function renderNoticePage({ text, link, language }: NoticePage): Html {
  return renderDocument({
    title: 'Moblog',
    style: STYLE,
    head: NOINDEX,
    content: html`<main>${DRAWING}<h1>Moblog</h1><p>${text}</p>
${link ? html`<a href="${link.address}">${link.label}</a>` : ''}</main>`,
    language,
  })
}
