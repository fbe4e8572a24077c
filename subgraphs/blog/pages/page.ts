import { NOINDEX } from '../../../platform/pages/document.ts'
import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageLanguage } from '../../../platform/pages/page-language.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { renderDocument, robotsHint } from './document.ts'
import { linkedText } from './linked-text.ts'
import { renderOpenGraph } from './open-graph.ts'
import { type PageWords, pageWords } from './page-language.ts'
import { type PagePlace, renderBrand, renderPlayerScript } from './page-place.ts'
import { PAGE_SCRIPTS } from './page-scripts.ts'
import { renderOwner } from './render-owner.ts'
import { renderPager } from './render-pager.ts'
import { renderPost } from './render-post.ts'
import type { Page } from './shown-page.ts'

const MAX_RECORDING_SECONDS = 300

/** Renders a moblog's page for small screens (docs/method.md, B4). It can be read and played without scripts. */
export function renderPage(page: Page, language: PageLanguage, place: PagePlace): Html {
  const words = pageWords(language)
  const { owner, posts } = page
  const title = page.title || (owner ? words.untitled(owner.displayName) : 'Moblog')
  const { root, addresses, client } = place
  // Only everybody's page links to the pages of posts: a page that a token opens also has posts for some.
  const addressOf = ({ id }: VisiblePost) => (addresses && owner ? `${root}@${owner.handle}/${id}` : null)
  const content = html`${renderBrand(place, words)}<header>${renderOwner(owner, page.media, title)}
${page.about !== null && html`<p dir="auto">${linkedText(page.about)}</p>`}
${page.isOwn && renderOwnerLinks(page.id, words)}</header>
<main>${posts.length > 0 ? posts.map((post) => renderPost(post, owner, page.media, words, addressOf(post), client)) : html`<p class="nothing">${words.nothing}</p>`}</main>
${renderPager(page, { first: words.newest, next: words.older })}`
  const head = html`${
    addresses ? html`${robotsHint(posts)}${renderOpenGraph(page, title, addresses)}` : NOINDEX
  }
${renderPlayerScript(place, words)}
${page.isOwn && html`<script type="module" src="${root}m/${PAGE_SCRIPTS.recorder.path}"></script>`}`
  return renderDocument({ title, head, content, language })
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
