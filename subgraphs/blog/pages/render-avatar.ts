import { type Html, html } from '../../../platform/pages/html.ts'
import type { ShownMedia, ShownUser } from './shown-media.ts'

/** The hues of the initials of users, in degrees. The style of pages has a class for each. */
export const HUES: readonly number[] = [14, 42, 96, 158, 196, 222, 262, 318]

// A subgraph imports nothing of the web client, and the client nothing of the product. A test compares these two functions and
// the hues with those of the client.

/** Chooses one of the hues for a user, as the web client does. */
export function hueOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % HUES.length
}

/** The first letter of a name, or of its first and last word, as in the web client. */
export function initials(name: string): string {
  const all = name.trim().split(/\s+/)
  const letters = [all[0], all.length > 1 ? all.at(-1) : undefined].map((word) => firstCharacter(word ?? ''))
  return letters.join('').toLocaleUpperCase()
}

const characters = new Intl.Segmenter()

/** What readers take for one character: a flag, for example, consists of several code points. */
function firstCharacter(word: string): string {
  const [first] = characters.segment(word)
  return first?.segment ?? ''
}

/**
 * Renders the round picture of a user, or their initials. The name stands beside it, so screen readers skip it.
 *
 * @param pixels its width and height
 */
export function renderAvatar(
  { id, avatarId, displayName }: ShownUser,
  media: ReadonlyMap<string, ShownMedia>,
  pixels: number,
): Html {
  const access = avatarId ? media.get(avatarId)?.access : undefined
  const source = access?.posterUrl ?? access?.progressiveUrl
  if (source) return html`<img class="avatar" src="${source}" alt="" width="${pixels}" height="${pixels}">`
  return html`<span class="avatar hue${hueOf(id)}" aria-hidden="true">${initials(displayName)}</span>`
}
