import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageWords } from './page-language.ts'
import { renderMediaItem } from './render-media-item.ts'
import type { ShownMedia } from './shown-media.ts'

/**
 * Renders the media of a post in its order, below each other. Several pictures are side by side, to swipe through, where the
 * first of them is.
 */
export function renderMedia(
  ids: readonly string[],
  media: ReadonlyMap<string, ShownMedia>,
  words: PageWords,
): Html {
  const isPicture = (id: string) => media.get(id)?.kind === 'IMAGE'
  const pictures = ids.filter(isPicture)
  const render = (id: string) => renderMediaItem(media.get(id), words)
  if (pictures.length < 2) return html`${ids.map(render)}`
  const label = words.pictures(pictures.length)
  const row = html`<div class="row" role="group" tabindex="0" aria-label="${label}">${pictures.map(render)}</div>`
  return html`${ids.filter((id) => !isPicture(id) || id === pictures[0]).map((id) => (isPicture(id) ? row : render(id)))}`
}
