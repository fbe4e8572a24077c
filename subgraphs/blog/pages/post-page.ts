import { renderDocument, robotsHint } from './document.ts'
import { type Html, html } from './html.ts'
import { linkedText } from './linked-text.ts'
import { renderPostOpenGraph } from './open-graph.ts'
import { type PageLanguage, type PageWords, pageWords } from './page-language.ts'
import { type PagePlace, renderPlayerScript } from './page-place.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { renderOwner } from './render-owner.ts'
import { renderPager } from './render-pager.ts'
import { renderPost } from './render-post.ts'
import type { PostPage, ShownComment } from './shown-page.ts'

/** Renders the public page of one post with its comments. It can be read and played without scripts. */
export function renderPostPage(
  page: PostPage,
  language: PageLanguage,
  place: PagePlace & { addresses: PublicAddresses },
): Html {
  const words = pageWords(language)
  const { owner, post, media, comments } = page
  const title = words.postBy(owner.displayName)
  const content = html`<header>${renderOwner(owner, media, title)}
<a class="button" href="${place.root}@${owner.handle}">${words.moreOfMoblog}</a></header>
<main>${renderPost(post, media, words, null)}
${comments.length > 0 && html`<section class="comments" aria-label="${words.comments(post.commentCount)}">${comments.map((comment) => renderComment(comment, words))}</section>`}</main>
${renderPager(page, { first: words.firstComments, next: words.moreComments })}`
  const head = html`${robotsHint([post])}${renderPostOpenGraph(page, title, words, place.addresses)}
${renderPlayerScript(place, words)}`
  return renderDocument({ title, head, content, language })
}

function renderComment(
  { author, text, createdAt, replyToId, likeCount }: ShownComment,
  words: PageWords,
): Html {
  const remarks = [replyToId !== null && words.reply, likeCount > 0 && words.likes(likeCount)].filter(Boolean)
  return html`<article>
<h2>${author && html`<span><bdi>${author.displayName}</bdi> · <bdi>@${author.handle}</bdi></span>`}<time datetime="${createdAt.toISOString()}">${words.date(createdAt)}</time></h2>
<p dir="auto">${linkedText(text)}</p>
${remarks.length > 0 && html`<p class="soft">${remarks.join(' · ')}</p>`}
</article>
`
}
