import { createHash } from 'node:crypto'

/**
 * The complete style of a page. It is inside the page, so the page is readable after one request. The sizes of media
 * are known before they load, so that late content moves nothing. Tappable elements are 44 px high.
 */
export const PAGE_STYLE = [
  ':root{color-scheme:light dark;--text:#1b1b1f;--soft:#5a5d66;--line:#dcdde2;--link:#0b57d0;--card:#fff;--ground:#f1f2f5;',
  '--tint:#e8f0fe;--red:#d93025}',
  '@media(prefers-color-scheme:dark){:root{--text:#e6e6ea;--soft:#a9adb8;--line:#34363d;--link:#a8c7fa;--card:#1a1b1f;',
  '--ground:#0d0e10;--tint:#26324a;--red:#f28b82}}',
  '*{box-sizing:border-box}',
  // No margin may reach outside the body: the body would move if the element with the margin arrives after the first
  // paint.
  'body{margin:0 auto;padding-bottom:2rem;max-width:40rem;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--text);',
  'background:var(--ground);overflow-wrap:anywhere}',
  'h1{font-size:1.5rem;line-height:1.25;margin:0}',
  'h2{font-size:.875rem;font-weight:400;margin:0;color:var(--soft);display:flex;justify-content:space-between;gap:1rem}',
  'p{margin:.5rem 0 0;white-space:pre-wrap}',
  '.soft{color:var(--soft);font-size:.875rem}',
  // Stacked combining marks must not be drawn over neighboring elements.
  'header,article{padding:1rem;background:var(--card);overflow:hidden;overflow:clip}',
  'h1,p{unicode-bidi:plaintext}',
  'article{margin-top:.5rem}',
  '.owner{display:flex;gap:.75rem;align-items:center}',
  '.owner div{flex:1;min-width:0}',
  '.avatar{flex:none;display:grid;place-items:center;width:48px;height:48px;margin:0;border-radius:50%;object-fit:cover;',
  'font-size:1.25rem;color:var(--link);background:var(--tint)}',
  // As high as a finger needs, without more room between the lines.
  'h2 a{display:inline-flex;align-items:center;min-height:44px;margin-block:-.7rem}',
  '.comments article{margin-top:1px}',
  'nav{padding:.5rem 1rem}',
  '.notice{padding:25vh 1rem 0;text-align:center;color:var(--soft)}',
  '.notice h1{color:var(--text)}',
  'a{color:var(--link);unicode-bidi:isolate}',
  ':focus-visible{outline:3px solid var(--link);outline-offset:2px}',
  'img,video,audio{display:block;width:100%;margin-top:.75rem;background:var(--line)}',
  // From edge to edge, as phones show pictures.
  'article img,article video{width:calc(100% + 2rem);margin-inline:-1rem}',
  'img,video{height:auto;max-height:80vh;object-fit:contain}',
  'img:not([width]),video:not([width]){aspect-ratio:4/3}',
  '.wide{overflow-x:auto}',
  'article .wide img{width:auto;max-width:none;height:16rem;max-height:60vh;margin-inline:0}',
  '.high{max-height:80vh;overflow-y:auto}',
  'article .high img{max-height:none}',
  'summary{min-height:44px;padding:.625rem 0;font-weight:500;unicode-bidi:plaintext;cursor:pointer}',
  'audio{height:54px;border-radius:27px}',
  'moblog-player,moblog-recorder{display:block}',
  '.button{display:inline-flex;align-items:center;justify-content:center;min-height:44px;min-width:44px;',
  'margin:.75rem 0 0;margin-inline-end:.5rem;padding:0 1rem;font:inherit;font-weight:500;color:var(--link);background:var(--tint);',
  'border:0;border-radius:22px;text-decoration:none;cursor:pointer}',
  'nav .button{display:flex;margin-inline-end:0}',
  '[data-kind]::before{content:"";width:.75rem;height:.75rem;margin-inline-end:.5rem;border-radius:50%;background:var(--red)}',
  // The download button, its progress bar, the play button that follows and the error text all take the same room.
  'moblog-player .button{display:flex;width:fit-content}',
  '.gone{min-height:44px;margin-top:.75rem}',
  'progress{display:block;width:10rem;height:44px;margin-top:.75rem;appearance:none;border:0;border-radius:22px;',
  'overflow:hidden;background:var(--tint)}',
  '::-webkit-progress-bar{background:var(--tint)}',
  '::-webkit-progress-value{background:var(--link)}',
  '::-moz-progress-bar{background:var(--link)}',
  // The recorder lies over the page, so that nothing on the page moves.
  'dialog[open]{display:grid;grid-template-rows:auto 1fr auto;width:100%;height:100%;max-width:none;max-height:none;',
  'margin:0;border:0;padding:1rem;color:var(--text);background:var(--card)}',
  '.stage{display:grid;place-items:center;min-height:0}',
  '.stage *{grid-area:1/1;margin:0}',
  '.stage video{height:100%;max-height:none;border-radius:1rem}',
  '[role=timer]{font-size:2.5rem;font-variant-numeric:tabular-nums}',
  'video+[role=timer]{align-self:end;z-index:1;margin:.5rem;padding:.25rem 1rem;border-radius:1rem;font-size:1rem;',
  'color:#fff;background:#000}',
].join('')

/** The hash by which the page's Content-Security-Policy allows this style and no other (CSP 3 §6.7.2). */
export const PAGE_STYLE_HASH = `'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`
