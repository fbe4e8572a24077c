import { type Html, html } from '../../../platform/pages/html.ts'
import { shortenLine } from '../../../platform/text/shorten.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import type { PageWords } from './page-language.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { type ShownMedia, type ShownUser, stillPicture } from './shown-media.ts'
import type { Page, PostPage } from './shown-page.ts'

const MAX_DESCRIPTION = 200

type Preview = { type: 'website' | 'article'; title: string; address: string; description: string }

/** Renders the metadata for link previews of a moblog's public page (https://ogp.me), and the link to its feed. */
export function renderOpenGraph(page: Page, title: string, addresses: PublicAddresses): Html {
  const { owner, media } = page
  const posts = page.posts.filter(isOpen)
  const description = page.about ?? posts.find(({ text }) => text !== '')?.text ?? ''
  // The handle leads to the page only if there are posts that everybody may see.
  const address = owner && page.posts.length > 0 ? addresses.moblog(owner.handle) : addresses.page(page.id)
  return html`${renderPreview({ type: 'website', title, address, description })}
<link rel="alternate" type="application/rss+xml" title="${title}" href="${addresses.feed(page.id)}">
${renderPicture(page.posts, owner, media, addresses)}`
}

// A preview shows nothing that its author has hidden behind a warning.
function isOpen({ contentWarning }: VisiblePost): boolean {
  return contentWarning === null
}

/** Renders the metadata for link previews of the page of one post. A content warning stands in for the content. */
export function renderPostOpenGraph(
  { owner, post, media }: PostPage,
  title: string,
  words: PageWords,
  addresses: PublicAddresses,
): Html {
  const { id, text, contentWarning, mediaIds, publishedAt } = post
  const named = mediaIds.map((mediaId) => media.get(mediaId)?.title).find(Boolean)
  const description = contentWarning ?? (text.trim() || named || words.date(publishedAt))
  const address = addresses.post(owner.handle, id)
  return html`${renderPreview({ type: 'article', title, address, description })}
<meta property="article:published_time" content="${publishedAt.toISOString()}">
${renderPicture([post], owner, media, addresses)}`
}

function renderPreview({ type, title, address, description }: Preview): Html {
  return html`<link rel="canonical" href="${address}">
<meta property="og:type" content="${type}">
<meta property="og:title" content="${title}">
<meta property="og:url" content="${address}">
<meta property="og:description" content="${shortenLine(description, MAX_DESCRIPTION)}">`
}

/**
 * Renders the first picture of the posts, or else that of their author. An author's picture that a warning hides in a post is left
 * out too. The address is the lasting one: a media token would expire before the preview is loaded.
 */
function renderPicture(
  posts: readonly VisiblePost[],
  owner: ShownUser | null,
  media: ReadonlyMap<string, ShownMedia>,
  addresses: PublicAddresses,
): Html | false {
  const idsOf = (some: readonly VisiblePost[]) => some.flatMap(({ mediaIds }) => mediaIds)
  const hidden = idsOf(posts.filter((post) => !isOpen(post)))
  const avatarId = owner?.avatarId ?? null
  const fallback = avatarId === null || hidden.includes(avatarId) ? [] : [avatarId]
  for (const id of [...idsOf(posts.filter(isOpen)), ...fallback]) {
    const shown = media.get(id)
    const picture = shown?.state === 'READY' ? stillPicture(shown) : null
    if (!shown || !picture) continue
    const { width, height } = picture
    const description = shown.altText || (id === avatarId ? owner?.displayName : shown.title)
    return html`<meta property="og:image" content="${addresses.poster(id)}">${
      width !== null &&
      height !== null &&
      html`
<meta property="og:image:width" content="${width}">
<meta property="og:image:height" content="${height}">`
    }${
      description &&
      html`
<meta property="og:image:alt" content="${description}">`
    }`
  }
  return false
}
