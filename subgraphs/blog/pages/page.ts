import type { VisiblePost } from '../posts/visible-post.ts'
import { type Html, html, verbatim } from './html.ts'
import { linkedText } from './linked-text.ts'
import { renderOpenGraph } from './open-graph.ts'
import { PAGE_WORDS, type PageLanguage, type PageWords } from './page-language.ts'
import { PAGE_SCRIPTS } from './page-scripts.ts'
import { PAGE_STYLE } from './page-style.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { renderMediaItem } from './render-media-item.ts'
import type { Page } from './shown-page.ts'

const MAX_RECORDING_SECONDS = 300

/**
 * Renders a moblog's page for small screens (docs/method.md, B4). It can be read and played without scripts.
 *
 * @param addresses the public addresses if this is the public page, which may be shared and indexed by search engines;
 *   null for a page opened with a token
 */
export function renderPage(page: Page, language: PageLanguage, addresses: PublicAddresses | null): Html {
  const words = PAGE_WORDS[language]
  const { owner, posts } = page
  const title = page.title || (owner ? words.untitled(owner.displayName) : 'Moblog')
  const content = html`<header><h1 dir="auto">${title}</h1>
${owner && html`<p class="soft"><bdi>${owner.displayName}</bdi> · <bdi>@${owner.handle}</bdi></p>`}
${page.about !== null && html`<p dir="auto">${linkedText(page.about)}</p>`}
${page.isOwn && renderOwnerLinks(page.id, words)}</header>
<main>${posts.length > 0 ? posts.map((post) => renderPost(post, page, words)) : html`<p class="notice">${words.nothing}</p>`}</main>
${renderPager(page, words)}`
  const head = html`${
    addresses ? renderOpenGraph(page, title, addresses) : html`<meta name="robots" content="noindex">`
  }
<script type="module" src="${PAGE_SCRIPTS.player.path}" data-hls="${PAGE_SCRIPTS.hls.path}" data-gone="${addresses ? words.stale : words.gone}"
data-failed="${words.unavailable}"></script>
${page.isOwn && html`<script type="module" src="${PAGE_SCRIPTS.recorder.path}"></script>`}`
  return renderDocument(title, head, content, language)
}

/** Renders a page that contains only a message. */
export function renderNotice(text: string, language: PageLanguage): Html {
  const head = html`<meta name="robots" content="noindex">`
  return renderDocument(
    'Moblog',
    head,
    html`<main class="notice"><h1>Moblog</h1><p>${text}</p></main>`,
    language,
  )
}

function renderDocument(title: string, head: Html, content: Html, language: PageLanguage): Html {
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${verbatim(PAGE_STYLE)}</style>
${head}
</head>
<body>
${content}
</body>
</html>
`
}

function renderPost(post: VisiblePost, page: Page, words: PageWords): Html {
  const { id, text, contentWarning, publishedAt, editedAt, audience, mediaIds, likeCount, commentCount } =
    post
  const remarks = [
    likeCount > 0 && words.likes(likeCount),
    commentCount > 0 && words.comments(commentCount),
    editedAt && words.edited,
  ].filter(Boolean)
  const content = html`${text !== '' && html`<p dir="auto">${linkedText(text)}</p>`}
${mediaIds.map((mediaId) => renderMediaItem(page.media.get(mediaId), words))}`
  return html`<article aria-labelledby="${id}">
<h2 id="${id}"><time datetime="${publishedAt.toISOString()}">${words.date(publishedAt)}</time>${
    audience !== 'PUBLIC' && html` <span>${words.audience[audience]}</span>`
  }</h2>
${contentWarning === null ? content : renderWarned(contentWarning, content)}
${remarks.length > 0 && html`<p class="soft">${remarks.join(' · ')}</p>`}
</article>
`
}

/** Renders content that is hidden until the reader opens it. */
function renderWarned(contentWarning: string, content: Html): Html {
  return html`<details><summary dir="auto">${contentWarning}</summary>
${content}</details>`
}

/**
 * Renders the owner's links: the custom tag that starts a recording in the app (docs/method.md, D2), and the public
 * page with its lasting address. Without scripts the app handles the links inside the tag.
 */
function renderOwnerLinks(id: string, words: PageWords): Html {
  return html`<moblog-recorder limit="${MAX_RECORDING_SECONDS}" asking="${words.asking}" recording="${words.recording}"
stop="${words.stop}" recorded="${words.recorded}" save="${words.save}" refused="${words.refused}" close="${words.close}">
<a class="button" href="moblog:record?kind=video" data-kind="video">${words.recordVideo}</a>
<a class="button" href="moblog:record?kind=audio" data-kind="audio">${words.recordAudio}</a>
</moblog-recorder>
<a class="button" href="${id}">${words.publicPage}</a>`
}

function renderPager({ isContinued, nextCursor }: Page, words: PageWords): Html | null {
  if (!isContinued && nextCursor === null) return null
  return html`<nav>
${isContinued && html`<a class="button" rel="first" href="?">${words.newest}</a>`}
${nextCursor !== null && html`<a class="button" rel="next" href="?after=${nextCursor}">${words.older}</a>`}
</nav>`
}
