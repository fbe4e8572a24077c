import type { Audience, Relationship } from '../../../generated/graphql/internal/communication.ts'

/** The facts on which the decision about a media file rests. */
export type MediaFacts = {
  /** The owner's relationship to the viewer; null if the owner does not exist for the viewer. */
  relationship: Relationship | null
  /** The widest audience of the posts that show the media; `ONLY_ME` if no post shows it. */
  audience: Audience
  /** Whether the media has been deleted. */
  isGone: boolean
}

/** Whether a viewer may see and play a media file. This is the only place that decides it (docs/method.md, C2). */
export function mayPlay({ relationship, audience, isGone }: MediaFacts): boolean {
  if (isGone || relationship === null || relationship === 'BLOCKED') return false
  if (relationship === 'SELF') return true
  if (audience === 'FRIENDS') return relationship === 'FRIEND'
  return audience === 'PUBLIC'
}

/**
 * Whether a viewer may open the page of a user's moblog (docs/method.md, B2). The posts on it are decided one by one.
 */
export function mayOpenPage(relationship: Relationship | null): boolean {
  return relationship !== null && relationship !== 'BLOCKED'
}
