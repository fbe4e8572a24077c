import type { Audience, Relationship } from '../../../generated/graphql/communication.ts'

/** What a decision about a medium rests on. */
export type MediaFacts = {
  /** What the owner is to the viewer; null where the owner does not exist for the viewer. */
  relationship: Relationship | null
  /** The widest audience of the posts that show the medium; `ONLY_ME` where none does. */
  audience: Audience
  /** Whether the medium has been deleted. */
  isGone: boolean
}

/** Whether a viewer may see and play a medium: the one place where this is decided (docs/method.md, C2). */
export function mayPlay({ relationship, audience, isGone }: MediaFacts): boolean {
  if (isGone || relationship === null || relationship === 'BLOCKED') return false
  if (relationship === 'SELF') return true
  if (audience === 'FRIENDS') return relationship === 'FRIEND'
  return audience === 'PUBLIC'
}

/**
 * Whether a viewer may open the page of someone's moblog (docs/method.md, B2); which posts it shows is decided for each
 * post.
 */
export function mayOpenPage(relationship: Relationship | null): boolean {
  return relationship !== null && relationship !== 'BLOCKED'
}
