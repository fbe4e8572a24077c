import { PAGE_STYLE_HASH } from './page-style.ts'
import type { ShownMedium } from './shown-medium.ts'

/**
 * The headers of a page. It is for one viewer and for a few minutes, and its address is a key: no cache keeps it and no
 * Referer header tells it. Only our own script runs, and media come from where they are served and from nowhere else.
 *
 * @param media what the page shows
 */
export function pageHeaders(media: Iterable<ShownMedium>): Record<string, string> {
  const origins = [...new Set([...media].map(({ access }) => new URL(access.url).origin))].join(' ')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${PAGE_STYLE_HASH}`,
    // The empty icon is one: without it browsers would ask for /favicon.ico.
    `img-src ${origins} data:`,
    `media-src ${origins} blob:`,
    `connect-src ${origins || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': policy.join('; '),
  }
}
