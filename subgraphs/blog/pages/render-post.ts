import { type Html, html } from '../../../platform/pages/html.ts'
import { entityText } from './linked-text.ts'
import { renderIcon } from './page-icons.ts'
import type { PageWords } from './page-language.ts'
import { renderAvatar } from './render-avatar.ts'
import { renderMedia } from './render-media.ts'
import type { ShownMedia, ShownUser } from './shown-media.ts'
import type { ShownPost } from './shown-page.ts'
import { titleClass } from './title-class.ts'

// Short texts without media are set larger, as in the web client.
const SHORT = 90

/**
 * Renders a post.
 *
 * @param author null if their names are currently unknown
 * @param address the relative address of the post's own page; null if it has none, or this is it
 * @param client the address of the web client
 */
export function renderPost(
  post: ShownPost,
  author: ShownUser | null,
  media: ReadonlyMap<string, ShownMedia>,
  words: PageWords,
  address: string | null,
  client: string,
): Html {
  const { id, contentWarning, publishedAt, editedAt, audience, likeCount, commentCount } = post
  const content = html`${renderText(post, client)}
${renderMedia(post.mediaIds, media, words)}`
  const time = html`<time datetime="${publishedAt.toISOString()}">${words.date(publishedAt)}</time>`
  return html`<article aria-labelledby="${id}">
<div class="head">${author && renderAvatar(author, media, 44)}<div>${author && html`<strong dir="auto">${author.displayName}</strong>`}
<h2 id="${id}">${address === null ? time : html`<a href="${address}">${time}</a>`}${
    audience !== 'PUBLIC' &&
    html` <span>${renderIcon(audience === 'ONLY_ME' ? 'lock' : 'people')} ${words.audience[audience]}</span>`
  }${editedAt && html` <span>${words.edited}</span>`}</h2></div></div>
${contentWarning === null ? content : renderWarned(contentWarning, content, words)}
${
  likeCount + commentCount > 0 &&
  html`<p class="facts">${likeCount > 0 && html`<span>${renderIcon('heart')} ${words.likes(likeCount)}</span>`}${commentCount > 0 && html`<span>${renderIcon('comment')} ${words.comments(commentCount)}</span>`}</p>`
}
</article>
`
}

function renderText({ text, entities, mediaIds }: ShownPost, client: string): Html | null {
  if (text === '') return null
  const isLarge = mediaIds.length === 0 && text.length <= SHORT && !text.includes('\n\n')
  return html`<p${isLarge && titleClass(text, 'large')} dir="auto">${entityText(text, entities, client)}</p>`
}

/** Renders content that is hidden until the reader opens it. */
function renderWarned(contentWarning: string, content: Html, words: PageWords): Html {
  return html`<details><summary>${renderIcon('warning')}<span dir="auto">${contentWarning}</span> <b>${words.uncover}</b><b>${words.cover}</b></summary>
${content}</details>`
}
