import { type Html, html } from './html.ts'
import type { PageWords } from './page-language.ts'
import { mayMove, type ShownMedium } from './shown-medium.ts'

/** A medium in a post; undefined where the viewer may not play it, or it is not known now. */
export function renderMedium(medium: ShownMedium | undefined, words: PageWords): Html {
  if (!medium?.kind) return html`<p class="soft">${words.unavailable}</p>`
  // A stream begins to play while the rest is still being made, and many an original plays as it is.
  const { progressiveUrl, streamUrl } = medium.access
  if (medium.state !== 'READY' && progressiveUrl === null && streamUrl === null) {
    return html`<p class="soft">${medium.state === 'FAILED' ? words.failed : words.processing}</p>`
  }
  if (medium.kind === 'IMAGE') return renderImage(medium, words)
  return renderPlayer(medium, words)
}

// From here on a picture is scrolled along: shown as a whole it would be a strip of a few pixels.
const PANORAMA_RATIO = 3

function renderImage(medium: ShownMedium, words: PageWords): Html {
  const { access, title, width, height } = medium
  const source = access.progressiveUrl ?? access.url
  const image = html`<img src="${source}" alt="${title || words.image}"${size(width, height)} loading="lazy" decoding="async">`
  const shown =
    mayMove(medium) && access.posterUrl !== null
      ? html`<picture><source media="(prefers-reduced-motion: reduce)" srcset="${access.posterUrl}">${image}</picture>`
      : image
  const ratio = (width ?? 1) / (height ?? 1)
  if (ratio > PANORAMA_RATIO) return html`<div class="wide" tabindex="0">${shown}</div>`
  return ratio < 1 / PANORAMA_RATIO ? html`<div class="high" tabindex="0">${shown}</div>` : shown
}

/** Plain elements that play without scripts; the tag around them adds streaming and a download that shows progress. */
function renderPlayer(medium: ShownMedium, words: PageWords): Html {
  const { kind, access, title, width, height } = medium
  const address = access.progressiveUrl ?? access.url
  const type = playedType(medium)
  const source = html`<source src="${address}"${type !== null && html` type="${type}"`}>`
  const label = title || (kind === 'VIDEO' ? words.video : words.audio)
  const element =
    kind === 'VIDEO'
      ? html`<video controls preload="none" playsinline aria-label="${label}"${size(width, height)}${
          access.posterUrl !== null && html` poster="${access.posterUrl}"`
        }>${source}</video>`
      : html`<audio controls preload="none" aria-label="${label}">${source}</audio>`
  return html`<moblog-player play="${words.play}"${
    access.streamUrl !== null && html` stream="${access.streamUrl}"`
  }>${element}<a class="button" href="${address}?download" download="${title ?? ''}" aria-label="${words.download}: ${label}">${
    words.download
  }</a></moblog-player>`
}

/**
 * The type of what a medium is played from. Null while it may be the original, which plays in the meantime, or no longer
 * is: whoever plays it then learns it from the bytes.
 */
export function playedType({ kind, state, mimeType, access }: ShownMedium): string | null {
  if (access.progressiveUrl === null) return mimeType
  if (state !== 'READY') return null
  return kind === 'VIDEO' ? 'video/mp4' : 'audio/mp4'
}

// Known before the medium loads, so that nothing moves when it does.
function size(width: number | null, height: number | null): Html | null {
  return width !== null && height !== null ? html` width="${width}" height="${height}"` : null
}
