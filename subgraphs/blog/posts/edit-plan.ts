import type { Audience } from '../../../generated/graphql/blog.ts'

/** The part of a post that `communication` knows. */
export type Shown = { mediaIds: readonly string[]; audience: Audience }

/** The report to `communication` before an edit, and whether the result is reported afterwards. */
export type EditPlan = { before: Shown | null; after: boolean }

const WIDTH: Readonly<Record<Audience, number>> = { ONLY_ME: 0, FRIENDS: 1, PUBLIC: 2 }

/**
 * Decides whether an edit is reported before or after it is made. A narrower audience or new media are reported before,
 * and a wider audience after. At no time can more users play a media file than allowed, and no post shows media that
 * `communication` does not know about.
 */
export function planEdit(from: Shown, to: Shown): EditPlan {
  const sameMedia = sameSet(from.mediaIds, to.mediaIds)
  const widens = WIDTH[to.audience] > WIDTH[from.audience]
  const nothingShown = from.mediaIds.length === 0 && to.mediaIds.length === 0
  if (nothingShown || (sameMedia && to.audience === from.audience)) return { before: null, after: false }
  if (sameMedia && widens) return { before: null, after: true }
  return { before: { mediaIds: to.mediaIds, audience: widens ? from.audience : to.audience }, after: widens }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}
