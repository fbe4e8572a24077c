import { shortenLine } from '../../../platform/text/shorten.ts'
import { type Html, html } from './html.ts'
import type { PageWords } from './page-language.ts'
import type { PublicAddresses } from './public-addresses.ts'
import type { ShownMedia } from './shown-media.ts'
import type { Page, PostPage } from './shown-page.ts'

const MAX_DESCRIPTION = 200

type Preview = { type: 'website' | 'article'; title: string; address: string; description: string }

/** Renders the metadata for link previews of a moblog's public page (https://ogp.me), and the link to its feed. */
export function renderOpenGraph(page: Page, title: string, addresses: PublicAddresses): Html {
  const { owner, media } = page
  // A preview shows nothing that its author has hidden behind a warning.
  const posts = page.posts.filter(({ contentWarning }) => contentWarning === null)
  const description = page.about ?? posts.find(({ text }) => text !== '')?.text ?? ''
  // The handle leads to the page only if there are posts that everybody may see.
  const address = owner && page.posts.length > 0 ? addresses.moblog(owner.handle) : addresses.page(page.id)
  return html`${renderPreview({ type: 'website', title, address, description })}
<link rel="alternate" type="application/rss+xml" title="${title}" href="${addresses.feed(page.id)}">
${renderPicture(
  posts.flatMap(({ mediaIds }) => mediaIds),
  media,
  addresses,
)}`
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
${contentWarning === null && renderPicture(mediaIds, media, addresses)}`
}

function renderPreview({ type, title, address, description }: Preview): Html {
  return html`<link rel="canonical" href="${address}">
<meta property="og:type" content="${type}">
<meta property="og:title" content="${title}">
<meta property="og:url" content="${address}">
<meta property="og:description" content="${shortenLine(description, MAX_DESCRIPTION)}">`
}

// The lasting address of the picture: a media token would expire before the preview is loaded.
function renderPicture(
  mediaIds: readonly string[],
  media: ReadonlyMap<string, ShownMedia>,
  addresses: PublicAddresses,
): Html | false {
  const picture = mediaIds.find((id) => hasPicture(media.get(id)))
  return picture !== undefined && html`<meta property="og:image" content="${addresses.poster(picture)}">`
}

function hasPicture(media: ShownMedia | undefined): boolean {
  return media?.state === 'READY' && (media.kind === 'IMAGE' || media.access.posterUrl !== null)
}
