import type { Audience, Relationship } from '../../../generated/graphql/internal/communication.ts'

/** How posts with one audience show a media file to one viewer. */
export type Showing = {
  audience: Audience
  /** Whether the viewer is in the audience list; null for other audiences, and if the owner has no such list. */
  isInList: boolean | null
  /** When the last of these posts expires; null if one of them does not expire. */
  expiresAt: Date | null
}

/** The facts on which the decision about a media file rests. */
export type MediaFacts = {
  /** The owner's relationship to the viewer; null if the owner does not exist for the viewer. */
  relationship: Relationship | null
  /** How posts show the media; empty if no post shows it. */
  showings: readonly Showing[]
  /** Whether the media has been deleted. */
  isGone: boolean
}

/**
 * Returns until when a viewer may see and play a media file, in milliseconds since 1970: infinity if there is no end,
 * and 0 if the viewer may not. This is the only place that decides it (docs/method.md, C2).
 */
export function playableUntil({ relationship, showings, isGone }: MediaFacts): number {
  if (isGone || relationship === null || relationship === 'BLOCKED') return 0
  if (relationship === 'SELF') return Number.POSITIVE_INFINITY
  const ends = showings
    .filter((showing) => isShownTo(relationship, showing))
    .map(({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
  return Math.max(0, ...ends)
}

/** Whether a viewer may see and play a media file now. */
export function mayPlay(facts: MediaFacts, now: Date): boolean {
  return playableUntil(facts) > now.getTime()
}

function isShownTo(relationship: Relationship, { audience, isInList }: Showing): boolean {
  switch (audience) {
    case 'PUBLIC':
      return true
    case 'FRIENDS':
      return relationship === 'FRIEND'
    case 'ONLY_LIST':
      return relationship === 'FRIEND' && isInList === true
    // Null is not false: nobody is left out of a list that does not exist, and nobody sees the post.
    case 'EXCEPT_LIST':
      return relationship === 'FRIEND' && isInList === false
    case 'ONLY_ME':
      return false
  }
}

/**
 * Whether a viewer may open the page of a user's moblog (docs/method.md, B2). The posts on it are decided one by one.
 */
export function mayOpenPage(relationship: Relationship | null): boolean {
  return relationship !== null && relationship !== 'BLOCKED'
}
