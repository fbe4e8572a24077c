import { shortenLine } from '../../../platform/text/shorten.ts'
import { type Html, html } from './html.ts'
import type { PublicAddresses } from './public-addresses.ts'
import type { Page } from './shown-page.ts'

const MAX_DESCRIPTION = 200

/** Renders the metadata for link previews of a public page (https://ogp.me), and the link to its feed. */
export function renderOpenGraph(page: Page, title: string, addresses: PublicAddresses): Html {
  // A preview shows nothing that its author has hidden behind a warning.
  const posts = page.posts.filter(({ contentWarning }) => contentWarning === null)
  const description = page.about ?? posts.find(({ text }) => text !== '')?.text ?? ''
  const picture = posts.flatMap(({ mediaIds }) => mediaIds).find((id) => hasPicture(page, id))
  return html`<link rel="canonical" href="${addresses.page(page.id)}">
<link rel="alternate" type="application/rss+xml" title="${title}" href="${addresses.feed(page.id)}">
<meta property="og:type" content="website">
<meta property="og:title" content="${title}">
<meta property="og:url" content="${addresses.page(page.id)}">
<meta property="og:description" content="${shortenLine(description, MAX_DESCRIPTION)}">
${picture !== undefined && html`<meta property="og:image" content="${addresses.poster(picture)}">`}`
}

function hasPicture({ media }: Page, mediaId: string): boolean {
  const shown = media.get(mediaId)
  return shown?.state === 'READY' && (shown.kind === 'IMAGE' || shown.access.posterUrl !== null)
}
