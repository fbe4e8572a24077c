import { extensionOf } from '../../../platform/media-types/extensions.ts'
import { type Html, html } from '../../../platform/pages/html.ts'
import { pauses } from '../../../platform/pauses.ts'
import { shortenLine } from '../../../platform/text/shorten.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { linkedText } from './linked-text.ts'
import { PAGE_WORDS } from './page-language.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { playedType } from './render-media-item.ts'
import type { PlayedFile, ShownMedia } from './shown-media.ts'
import type { Page } from './shown-page.ts'

const MAX_TITLE = 100
const MAX_CHARACTERS = 100_000

// Characters that an XML 1.0 document must not contain in any notation (XML 1.0 §2.2).
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** Leaves out the oldest posts whose texts are more than a feed may have. */
export function limitFeed(page: Page): Page {
  let characters = 0
  const fits = ({ text }: VisiblePost) => {
    characters += text.length
    return characters <= MAX_CHARACTERS
  }
  return { ...page, posts: page.posts.filter(fits) }
}

/**
 * Renders an RSS 2.0 feed of a moblog's public posts. The enclosure of a post, for podcast apps, is its first audio or
 * video, or else its first image. A post with a content warning has no enclosure. Other requests run between the posts.
 *
 * @param files the files that the media are played from, by media id
 */
export async function renderFeed(
  page: Page,
  files: ReadonlyMap<string, PlayedFile>,
  addresses: PublicAddresses,
): Promise<string> {
  const pause = pauses()
  const items: Html[] = []
  for (const post of page.posts) {
    items.push(renderItem(post, page, files, addresses))
    await pause()
  }
  const owner = page.owner?.displayName ?? 'Moblog'
  const title = page.title || PAGE_WORDS.en.untitled(owner)
  const { markup } = html`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>${title}</title>
<link>${addresses.page(page.id)}</link>
<description>${renderText(page.about ?? title).markup}</description>
<atom:link rel="self" type="application/rss+xml" href="${addresses.feed(page.id)}"/>
<itunes:author>${owner}</itunes:author>
${renderExplicit(page.posts.some(isWarned))}
${items}</channel>
</rss>
`
  return markup.replace(NOT_XML, '')
}

/** The media that the feed contains as enclosures. */
export function enclosuresOf(page: Page): ShownMedia[] {
  return page.posts.flatMap((post) => enclosureOf(post, page) ?? [])
}

// Feed readers may show and play everything at once, so a reader opens the page to see what a warning hides.
function isWarned({ contentWarning }: VisiblePost): boolean {
  return contentWarning !== null
}

/** The media of a post that the feed may show, play and name. */
function mediaInFeed(post: VisiblePost, page: Page): ShownMedia[] {
  if (isWarned(post)) return []
  return post.mediaIds.flatMap((id) => page.media.get(id) ?? []).filter(({ state }) => state === 'READY')
}

function enclosureOf(post: VisiblePost, page: Page): ShownMedia | undefined {
  const media = mediaInFeed(post, page)
  return media.find(({ kind }) => kind !== 'IMAGE') ?? media[0]
}

function renderItem(
  post: VisiblePost,
  page: Page,
  files: ReadonlyMap<string, PlayedFile>,
  addresses: PublicAddresses,
): Html {
  const enclosure = enclosureOf(post, page)
  const [firstLine = ''] = post.text.trim().split('\n')
  const title =
    post.contentWarning ||
    firstLine ||
    mediaInFeed(post, page).find((each) => each.title)?.title ||
    PAGE_WORDS.en.date(post.publishedAt)
  return html`<item>
<guid isPermaLink="false">${post.id}</guid>
<title>${shortenLine(title, MAX_TITLE)}</title>
<link>${addresses.page(page.id)}#${post.id}</link>
<pubDate>${post.publishedAt.toUTCString()}</pubDate>
<description>${renderDescription(post, page, addresses).markup}</description>
${renderExplicit(isWarned(post))}
${enclosure && renderEnclosure(enclosure, files.get(enclosure.id), addresses)}
</item>
`
}

// Only a warning says that content may be explicit. Directories of podcasts require the element in the channel.
function renderExplicit(isExplicit: boolean): Html {
  return html`<itunes:explicit>${isExplicit ? 'true' : 'false'}</itunes:explicit>`
}

/**
 * Renders a text as HTML for feed readers: they read descriptions as HTML, whose markup is escaped text in the feed.
 */
function renderText(text: string): Html {
  const lines = text.split('\n')
  return html`${lines.map((line, index) => html`${index > 0 && html`<br>`}${linkedText(line)}`)}`
}

function renderDescription(post: VisiblePost, page: Page, addresses: PublicAddresses): Html {
  if (post.contentWarning !== null) return html`<p>${post.contentWarning}</p>`
  const pictures = mediaInFeed(post, page).filter(({ kind }) => kind === 'IMAGE')
  return html`${renderText(post.text)}${pictures.map(
    ({ id, title, altText }) =>
      html`<p><img src="${addresses.poster(id)}" alt="${altText || title || PAGE_WORDS.en.image}"></p>`,
  )}`
}

// In feeds, length 0 means that the length is unknown.
function renderEnclosure(media: ShownMedia, file: PlayedFile | undefined, addresses: PublicAddresses): Html {
  const { id, durationSeconds } = media
  const type = file?.mimeType ?? playedType(media) ?? 'application/octet-stream'
  const address = addresses.play(id, extensionOf(type))
  return html`<enclosure url="${address}" length="${file?.byteSize ?? 0}" type="${type}"/>${
    durationSeconds !== null &&
    html`
<itunes:duration>${Math.max(1, Math.round(durationSeconds))}</itunes:duration>`
  }`
}
