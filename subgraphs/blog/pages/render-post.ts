import type { VisiblePost } from '../posts/visible-post.ts'
import { type Html, html } from './html.ts'
import { linkedText } from './linked-text.ts'
import type { PageWords } from './page-language.ts'
import { renderMediaItem } from './render-media-item.ts'
import type { ShownMedia } from './shown-media.ts'

/**
 * Renders a post.
 *
 * @param address the relative address of the post's own page; null if it has none, or this is it
 */
export function renderPost(
  post: VisiblePost,
  media: ReadonlyMap<string, ShownMedia>,
  words: PageWords,
  address: string | null,
): Html {
  const { id, text, contentWarning, publishedAt, editedAt, audience, mediaIds, likeCount, commentCount } =
    post
  const remarks = [
    likeCount > 0 && words.likes(likeCount),
    commentCount > 0 && words.comments(commentCount),
    editedAt && words.edited,
  ].filter(Boolean)
  const content = html`${text !== '' && html`<p dir="auto">${linkedText(text)}</p>`}
${mediaIds.map((mediaId) => renderMediaItem(media.get(mediaId), words))}`
  const time = html`<time datetime="${publishedAt.toISOString()}">${words.date(publishedAt)}</time>`
  return html`<article aria-labelledby="${id}">
<h2 id="${id}">${address === null ? time : html`<a href="${address}">${time}</a>`}${
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
