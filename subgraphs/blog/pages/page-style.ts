import { createHash } from 'node:crypto'
import { declareTokens } from '../../../platform/pages/design-tokens.ts'
import { initialsStyle } from './initials-style.ts'

/** The rules of a page, with the design tokens of the web client. Tappable elements are 44 px high. */
const RULES = [
  '*{box-sizing:border-box}',
  'h1,h2,h3,p{margin:0;font:inherit}',
  // No margin may reach outside the body: the body would move if the element with the margin arrives after the first
  // paint.
  'html{background:var(--color-paper);-webkit-text-size-adjust:100%;text-size-adjust:100%}',
  'body{margin:0 auto;padding:var(--space-3) var(--space-3) var(--space-7);max-width:40rem;font:var(--text-m)/var(--line) var(--font);',
  'color:var(--color-ink);overflow-wrap:anywhere}',
  'body>svg{position:absolute}',
  '.brand{display:flex;align-items:center;width:fit-content;min-height:44px;margin-top:calc(-1*var(--space-2));padding:0 var(--space-4);',
  'font:700 var(--text-l)/var(--line-tight) var(--font-title);color:var(--color-ink);text-decoration:none}',
  'p{white-space:pre-wrap}',
  'h1,p,strong{unicode-bidi:plaintext}',
  'h1{font:700 var(--text-2xl)/var(--line-tight) var(--font-title);text-wrap:balance;max-width:100%}',
  '.soft,.facts,h3{color:var(--color-ink-soft);font-size:var(--text-s)}',
  // Stacked combining marks must not be drawn over neighboring elements.
  'header,main>article,.comments{border-radius:var(--radius-l);background:var(--color-surface);box-shadow:var(--shadow-1);',
  'overflow:hidden;overflow:clip}',
  'header{display:flex;flex-direction:column;align-items:center;gap:var(--space-2);padding:var(--space-5) var(--space-4);text-align:center;',
  'background:radial-gradient(120% 90% at 50% 0,var(--color-accent-soft),transparent 70%),var(--color-surface)}',
  'header p{max-width:28rem}',
  'main>article,.comments,nav{margin-top:var(--space-4)}',
  // The margin of the last element is inside the card.
  'main>article{display:flow-root}',
  '.row:last-child{margin-bottom:var(--space-4)}',
  'main>article>p:last-child{margin-bottom:var(--space-1)}',
  '.avatar{flex:none;display:grid;place-items:center;width:2.75rem;height:2.75rem;margin:0;border-radius:50%;object-fit:cover;',
  'font-weight:700;line-height:1;background:var(--color-sunken)}',
  'header .avatar{box-sizing:content-box;width:6rem;height:6rem;border:4px solid var(--color-surface);font-size:2.25rem}',
  '.comments .avatar{width:2.25rem;height:2.25rem;font-size:var(--text-s)}',
  initialsStyle('light'),
  '@media(prefers-color-scheme:dark){',
  initialsStyle('dark'),
  '}',
  '.head{display:flex;align-items:center;gap:var(--space-3);padding:var(--space-3) var(--space-4)}',
  '.head>div,.comments article>div{flex:1;min-width:0}',
  // A name begins where its row begins, whichever way it runs.
  '.head strong{display:block;width:fit-content;max-width:100%;line-height:var(--line-tight);text-align:-webkit-match-parent;text-align:match-parent}',
  '.head h2{display:flex;flex-wrap:wrap;align-items:center;column-gap:var(--space-2);color:var(--color-ink-soft);font-size:var(--text-s);',
  'line-height:var(--line-tight)}',
  // As high as a finger needs, without more room between the lines.
  'h2 a{display:inline-flex;align-items:center;min-width:44px;min-height:44px;margin-block:-.8rem;color:inherit;text-decoration:none}',
  'h2 span,.facts span{display:inline-flex;align-items:center;gap:var(--space-1)}',
  '.icon{flex:none;width:1rem;height:1rem;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}',
  'main p{padding:0 var(--space-4) var(--space-3)}',
  '.large{font:400 var(--text-xl)/1.4 var(--font-title)}',
  '.narrow{font-variant-east-asian:proportional-width}',
  'main .facts{display:flex;flex-wrap:wrap;gap:var(--space-1) var(--space-4);padding-top:var(--space-2);font-weight:600}',
  '.facts .icon{width:1.25rem;height:1.25rem}',
  '.comments{padding:var(--space-2)}',
  '.comments>h2{padding:var(--space-2);font-weight:700}',
  '.comments article{display:flex;gap:var(--space-3);padding:var(--space-2)}',
  '.comments .reply{margin-inline-start:2.25rem}',
  '.comments p{padding:0}',
  'h3 strong{color:var(--color-ink);font-size:var(--text-m)}',
  'nav{display:flex;flex-wrap:wrap;justify-content:center;gap:var(--space-2)}',
  '.nothing{text-align:center;color:var(--color-ink-soft)}',
  'main .nothing{padding:var(--space-7) var(--space-4)}',
  'a{color:var(--color-accent-text);text-underline-offset:.2em;unicode-bidi:isolate}',
  ':focus-visible{outline:3px solid var(--color-accent-text);outline-offset:2px}',
  'img,video,audio{display:block;width:100%;margin-top:var(--space-2);background:var(--color-sunken)}',
  'video{background:var(--color-stage)}',
  'img,video{height:auto;max-height:80vh;object-fit:contain}',
  'img:not([width]),video:not([width]){aspect-ratio:4/3}',
  // The next picture begins at the edge, which shows that there are more.
  '.row,.wide{overflow-x:auto}',
  '.row{display:flex;gap:var(--space-1);margin-top:var(--space-2);scroll-snap-type:x mandatory;scroll-padding-inline:var(--space-4);',
  'padding-inline:var(--space-4)}',
  '.row>*{flex:none;max-width:86%;scroll-snap-align:start}',
  '.row img{width:auto;max-width:100%;height:20rem;max-height:60vh;margin:0;object-fit:cover;border-radius:var(--radius-m)}',
  '.row>img{max-width:86%}',
  '.wide img{width:auto;max-width:none;height:16rem;max-height:60vh}',
  '.high{max-height:80vh;overflow-y:auto}',
  '.high img{max-height:none}',
  'summary{display:flex;align-items:center;gap:var(--space-3);min-height:44px;margin:0 var(--space-4) var(--space-3);',
  'padding:var(--space-3) var(--space-3) var(--space-3) var(--space-4);border-radius:var(--radius-m);background:var(--color-sunken);cursor:pointer}',
  'summary span{flex:1;min-width:0;unicode-bidi:plaintext}',
  'summary .icon{width:1.5rem;height:1.5rem;color:var(--color-ink-soft)}',
  'summary b{flex:none;display:inline-flex;align-items:center;min-height:44px;padding:0 var(--space-4);border-radius:var(--radius-round);',
  'background:var(--color-raised);font-weight:600}',
  'details:not([open]) b+b,details[open] b:first-of-type{display:none}',
  'audio{width:calc(100% - 2*var(--space-4));height:54px;margin-inline:var(--space-4);border-radius:27px}',
  'moblog-player{display:block}',
  'moblog-recorder{display:flex;flex-wrap:wrap;justify-content:center;gap:var(--space-2);align-self:stretch}',
  '.button{display:inline-flex;align-items:center;justify-content:center;min-height:44px;min-width:44px;',
  'padding:0 var(--space-5);font:inherit;font-weight:600;line-height:var(--line-tight);color:var(--color-ink);background:var(--color-sunken);',
  'border:0;border-radius:var(--radius-round);text-decoration:none;cursor:pointer}',
  'header>.button,moblog-recorder{margin-top:var(--space-2)}',
  'moblog-recorder+.button{margin:0;color:var(--color-accent-text);background:none}',
  // Side by side, and on the narrowest phones below each other, but always of the same width.
  'moblog-recorder>.button{flex:1 1 9rem;max-width:14rem;padding:0 var(--space-3)}',
  '[rel=next]{background:var(--color-accent);color:var(--color-accent-ink)}',
  '[data-kind]::before{content:"";width:.75rem;height:.75rem;margin-inline-end:var(--space-2);border-radius:50%;background:var(--color-danger)}',
  // The download button, its progress bar, the play button that follows and the error text all take the same room.
  'moblog-player .button{display:flex;width:fit-content}',
  'moblog-player .button,progress{margin:var(--space-2) var(--space-4) var(--space-3)}',
  'main .gone{min-height:44px;margin:var(--space-2) 0 var(--space-3);padding-bottom:0}',
  'progress{display:block;width:10rem;height:44px;appearance:none;border:0;border-radius:22px;overflow:hidden;',
  'background:var(--color-sunken)}',
  '::-webkit-progress-bar{background:var(--color-sunken)}',
  '::-webkit-progress-value{background:var(--color-accent)}',
  '::-moz-progress-bar{background:var(--color-accent)}',
  // The recorder lies over the page, so that nothing on the page moves.
  'dialog[open]{display:grid;grid-template-rows:auto 1fr auto;width:100%;height:100%;max-width:none;max-height:none;',
  'margin:0;border:0;padding:var(--space-4);color:var(--color-ink);background:var(--color-surface);text-align:center}',
  'dialog .button{margin:var(--space-1)}',
  '.stage{display:grid;place-items:center;min-height:0}',
  '.stage *{grid-area:1/1;margin:0}',
  '.stage video{height:100%;max-height:none;border-radius:var(--radius-l)}',
  '[role=timer]{font-size:2.5rem;font-variant-numeric:tabular-nums}',
  'video+[role=timer]{align-self:end;z-index:1;margin:var(--space-2);padding:var(--space-1) var(--space-4);border-radius:var(--radius-l);',
  'font-size:var(--text-m);color:var(--color-on-stage);background:var(--color-stage)}',
].join('')

/**
 * The complete style of a page. It is inside the page, so the page is readable after one request. The sizes of media
 * are known before they load, so that late content moves nothing.
 */
export const PAGE_STYLE = declareTokens(RULES) + RULES

/** The hash by which the page's Content-Security-Policy allows this style and no other (CSP 3 §6.7.2). */
export const PAGE_STYLE_HASH = `'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`
