import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageLanguage } from '../../../platform/pages/page-language.ts'
import { renderDocument, robotsHint } from './document.ts'
import { linkedText } from './linked-text.ts'
import { renderPostOpenGraph } from './open-graph.ts'
import { type PageWords, pageWords } from './page-language.ts'
import { type PagePlace, renderBrand, renderPlayerScript } from './page-place.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { renderAvatar } from './render-avatar.ts'
import { renderOwner } from './render-owner.ts'
import { renderPager } from './render-pager.ts'
import { renderPost } from './render-post.ts'
import type { ShownMedia } from './shown-media.ts'
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
  const content = html`${renderBrand(place, words)}<header>${renderOwner(owner, media, title)}
<a class="button" href="${place.root}@${owner.handle}">${words.moreOfMoblog}</a></header>
<main>${renderPost(post, owner, media, words, null, place.client)}
${
  comments.length > 0 &&
  html`<section class="comments" aria-labelledby="comments"><h2 id="comments">${words.comments(post.commentCount)}</h2>
${comments.map((comment) => renderComment(comment, media, words))}</section>`
}</main>
${renderPager(page, { first: words.firstComments, next: words.moreComments })}`
  const head = html`${robotsHint([post])}${renderPostOpenGraph(page, title, words, place.addresses)}
${renderPlayerScript(place, words)}`
  return renderDocument({ title, head, content, language })
}

function renderComment(
  { author, text, createdAt, replyToId, likeCount }: ShownComment,
  media: ReadonlyMap<string, ShownMedia>,
  words: PageWords,
): Html {
  const remarks = [replyToId !== null && words.reply, likeCount > 0 && words.likes(likeCount)].filter(Boolean)
  return html`<article${replyToId !== null && html` class="reply"`}>${author && renderAvatar(author, media, 36)}<div>
<h3>${author && html`<strong><bdi>${author.displayName}</bdi></strong> <bdi>@${author.handle}</bdi> · `}<time datetime="${createdAt.toISOString()}">${words.date(createdAt)}</time></h3>
<p dir="auto">${linkedText(text)}</p>
${remarks.length > 0 && html`<p class="soft">${remarks.join(' · ')}</p>`}
</div></article>
`
}
