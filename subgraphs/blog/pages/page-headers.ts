import { PAGE_STYLE_HASH } from './page-style.ts'
import type { ShownMedia } from './shown-media.ts'

/**
 * The response headers of a page. The page is for one viewer and a few minutes, and its address is a key. No cache may
 * therefore store it, and the address must not appear in Referer headers. Only our own script may run, and media may
 * load only from the addresses that serve them.
 *
 * @param media the media on the page
 */
export function pageHeaders(media: Iterable<ShownMedia>): Record<string, string> {
  const origins = [...new Set([...media].map(({ access }) => new URL(access.url).origin))].join(' ')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${PAGE_STYLE_HASH}`,
    // The page's empty icon is a `data:` address; without that icon browsers would request /favicon.ico.
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
