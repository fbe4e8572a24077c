import { includes, type Shown as ShownTo } from './audience-plan.ts'

/** The part of a post that `communication` knows. */
export type Shown = ShownTo & { mediaIds: readonly string[]; expiresAt: Date | null }

/** The report to `communication` before an edit, and whether the result is reported afterwards. */
export type EditPlan = { before: Shown | null; after: boolean }

/**
 * Whether `communication` must know a post: it decides about media, and hides notifications about posts that the reader
 * may no longer see.
 */
export function isReported({ mediaIds, audienceListId, expiresAt }: Shown): boolean {
  return mediaIds.length > 0 || audienceListId !== null || expiresAt !== null
}

/**
 * Decides whether an edit is reported before or after it is made. A narrower audience or new media are reported before,
 * and a wider audience after. If the new audience includes only some of the old one, nobody but the author plays the media
 * in between. At no time can more users play a media file than allowed, and no post shows media that `communication` does
 * not know about.
 */
export function planEdit(from: Shown, to: Shown): EditPlan {
  const sameMedia = sameSet(from.mediaIds, to.mediaIds)
  const narrows = includes(from, to)
  const widens = includes(to, from)
  if ((!isReported(from) && !isReported(to)) || (sameMedia && narrows && widens))
    return { before: null, after: false }
  if (sameMedia && widens) return { before: null, after: true }
  const between = narrows ? to : widens ? from : { audience: 'ONLY_ME' as const, audienceListId: null }
  const { audience, audienceListId } = between
  return { before: { ...to, audience, audienceListId }, after: !narrows }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}
