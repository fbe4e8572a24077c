import { createHash } from 'node:crypto'

/**
 * The page's whole style, inside the page: it is readable after one request. Widths and heights of media are known
 * before they load, so that nothing moves; what can be tapped is 44 px high.
 */
export const PAGE_STYLE = [
  ':root{color-scheme:light dark;--text:#1b1b1f;--soft:#5a5d66;--line:#dcdde2;--link:#0b57d0;--ground:#fff}',
  '@media(prefers-color-scheme:dark){:root{--text:#e6e6ea;--soft:#a9adb8;--line:#34363d;--link:#a8c7fa;--ground:#121316}}',
  '*{box-sizing:border-box}',
  'body{margin:0 auto;padding:0 1rem 2rem;max-width:40rem;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--text);',
  'background:var(--ground);overflow-wrap:anywhere}',
  'h1{font-size:1.5rem;line-height:1.25;margin:1rem 0 .25rem}',
  'h2{font-size:.9375rem;font-weight:400;margin:0;color:var(--soft)}',
  'p{margin:.5rem 0;white-space:pre-wrap;unicode-bidi:plaintext}',
  '.soft{color:var(--soft);font-size:.9375rem}',
  'header{padding-bottom:1rem}',
  'article{padding:1rem 0;border-top:1px solid var(--line)}',
  'a{color:var(--link)}',
  'img,video,audio{display:block;width:100%;margin-top:.5rem;border-radius:.5rem;background:var(--line)}',
  'img,video{height:auto;max-height:80vh;object-fit:contain}',
  'audio{height:54px}',
  'moblog-player,moblog-recorder{display:block}',
  '.button{display:inline-flex;align-items:center;min-height:44px;min-width:44px;margin-block-start:.5rem;',
  'margin-inline-end:.5rem;padding:0 1rem;',
  'font:inherit;color:var(--link);background:none;border:1px solid var(--line);border-radius:22px;text-decoration:none;cursor:pointer}',
  '[hidden]{display:none!important}',
  'progress{width:100%;height:1rem}',
].join('')

/** The style's hash, by which the page's Content-Security-Policy lets it in and no other (CSP 3 §6.7.2). */
export const PAGE_STYLE_HASH = `'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`
