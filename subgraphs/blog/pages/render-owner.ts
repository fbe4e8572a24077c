import { type Html, html } from '../../../platform/pages/html.ts'
import { renderAvatar } from './render-avatar.ts'
import type { ShownMedia, ShownUser } from './shown-media.ts'
import { titleClass } from './title-class.ts'

/** Renders the picture of a user above a title and the user's names. */
export function renderOwner(
  owner: ShownUser | null,
  media: ReadonlyMap<string, ShownMedia>,
  title: string,
): Html {
  const heading = html`<h1${titleClass(title)} dir="auto">${title}</h1>`
  if (!owner) return heading
  return html`${renderAvatar(owner, media, 96)}
${heading}
<p class="soft"><bdi>${owner.displayName}</bdi> · <bdi>@${owner.handle}</bdi></p>`
}
