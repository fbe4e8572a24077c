import { type Html, html } from './html.ts'
import type { ShownMedia, ShownUser } from './shown-media.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Renders the picture of a user beside a title and the user's names. Without a picture, it is the first letter. */
export function renderOwner(
  owner: ShownUser | null,
  media: ReadonlyMap<string, ShownMedia>,
  title: string,
): Html {
  const heading = html`<h1 dir="auto">${title}</h1>`
  if (!owner) return heading
  return html`<div class="owner">${renderAvatar(owner, media)}<div>${heading}
<p class="soft"><bdi>${owner.displayName}</bdi> · <bdi>@${owner.handle}</bdi></p></div></div>`
}

// The name stands beside the picture, so screen readers skip it.
function renderAvatar({ avatarId, displayName }: ShownUser, media: ReadonlyMap<string, ShownMedia>): Html {
  const access = avatarId ? media.get(avatarId)?.access : undefined
  const source = access?.posterUrl ?? access?.progressiveUrl
  if (source) return html`<img class="avatar" src="${source}" alt="" width="48" height="48">`
  const [first] = graphemes.segment(displayName)
  return html`<span class="avatar" aria-hidden="true">${first?.segment}</span>`
}
