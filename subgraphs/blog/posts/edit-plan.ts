import type { Audience } from '../../../generated/graphql/blog.ts'

/** What matters to `communication` about a post. */
export type Shown = { mediaIds: readonly string[]; audience: Audience }

/** What `communication` is told before an edit is made, and whether it is told the result afterwards. */
export type EditPlan = { before: Shown | null; after: boolean }

const WIDTH: Readonly<Record<Audience, number>> = { ONLY_ME: 0, FRIENDS: 1, PUBLIC: 2 }

/**
 * In which order an edit and the report of it go, so that at no time more people can play a medium than may, and no
 * medium is shown of which `communication` does not know: what narrows or adds media is told first, what widens after.
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
