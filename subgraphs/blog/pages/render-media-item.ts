import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageWords } from './page-language.ts'
import { mayMove, type ShownMedia } from './shown-media.ts'

/**
 * Renders a media file in a post. It is undefined if the viewer may not play it or its details are currently unknown.
 */
export function renderMediaItem(media: ShownMedia | undefined, words: PageWords): Html {
  if (!media?.kind) return html`<p class="soft">${words.unavailable}</p>`
  // A stream plays while the rest is still being made, and many originals play as they are.
  const { progressiveUrl, streamUrl } = media.access
  if (media.state !== 'READY' && progressiveUrl === null && streamUrl === null) {
    return html`<p class="soft">${media.state === 'FAILED' ? words.failed : words.processing}</p>`
  }
  if (media.kind === 'IMAGE') return renderImage(media, words)
  return renderPlayer(media, words)
}

// From this ratio on the image is scrolled: if scaled to fit, it would be a strip a few pixels high or wide.
const PANORAMA_RATIO = 3

function renderImage(media: ShownMedia, words: PageWords): Html {
  const { access, title, altText, width, height } = media
  const source = access.progressiveUrl ?? access.url
  const image = html`<img src="${source}" alt="${altText || title || words.image}"${size(width, height)} loading="lazy" decoding="async">`
  const shown =
    mayMove(media) && access.posterUrl !== null
      ? html`<picture><source media="(prefers-reduced-motion: reduce)" srcset="${access.posterUrl}">${image}</picture>`
      : image
  const ratio = (width ?? 1) / (height ?? 1)
  if (ratio > PANORAMA_RATIO) return html`<div class="wide" tabindex="0">${shown}</div>`
  return ratio < 1 / PANORAMA_RATIO ? html`<div class="high" tabindex="0">${shown}</div>` : shown
}

/**
 * Renders plain elements that play without scripts. The tag around them adds streaming and a download with progress.
 *
 * `crossorigin` is for media that have another origin than the page. Without it, browsers hide that an address is refused,
 * ask for it again and again, and never report an error; and they show no captions.
 */
function renderPlayer(media: ShownMedia, words: PageWords): Html {
  const { kind, access, title, altText, width, height } = media
  const address = access.progressiveUrl ?? access.url
  const type = playedType(media)
  const source = html`<source src="${address}"${type !== null && html` type="${type}"`}>`
  const label = altText || title || (kind === 'VIDEO' ? words.video : words.audio)
  const element =
    kind === 'VIDEO'
      ? html`<video controls preload="none" playsinline aria-label="${label}"${size(width, height)}${
          access.posterUrl !== null && html` poster="${access.posterUrl}"`
        } crossorigin>${source}${access.captions.map(renderTrack)}</video>`
      : html`<audio controls preload="none" aria-label="${label}" crossorigin>${source}</audio>`
  return html`<moblog-player play="${words.play}"${
    access.streamUrl !== null && html` stream="${access.streamUrl}"`
  }>${element}<a class="button" href="${address}?download" download="${title ?? ''}" aria-label="${words.download}: ${label}">${
    words.download
  }</a></moblog-player>`
}

function renderTrack({ language, label, url }: ShownMedia['access']['captions'][number]): Html {
  return html`<track kind="captions" src="${url}" srclang="${language}" label="${label}">`
}

/**
 * The MIME type of the file that a media file is played from. Null if `progressiveUrl` may lead to the original, which
 * plays until the rendition is ready, or already to the rendition. The player then learns the type from the bytes.
 */
export function playedType({ kind, state, mimeType, access }: ShownMedia): string | null {
  if (access.progressiveUrl === null) return mimeType
  if (state !== 'READY') return null
  return kind === 'VIDEO' ? 'video/mp4' : 'audio/mp4'
}

// The size is in the markup before the media loads, so that nothing moves when it does.
function size(width: number | null, height: number | null): Html | null {
  return width !== null && height !== null ? html` width="${width}" height="${height}"` : null
}
