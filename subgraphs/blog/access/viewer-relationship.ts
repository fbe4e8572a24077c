import type { Audience } from '../../../generated/graphql/blog.ts'

/** The relationship of a user to the viewer, as `communication` reports it. */
export type Relationship = 'SELF' | 'FRIEND' | 'REQUEST_SENT' | 'REQUEST_RECEIVED' | 'BLOCKED' | 'NONE'

/**
 * The relationship of a user to the viewer, or `INVISIBLE` if the user does not exist for the viewer, for any reason.
 */
export type ViewerRelationship = Relationship | 'INVISIBLE'

const NOTHING: readonly Audience[] = []
const OPEN: readonly Audience[] = ['PUBLIC']

// A friend request alone gives neither side additional access.
const SEEN: Readonly<Record<ViewerRelationship, readonly Audience[]>> = {
  SELF: ['PUBLIC', 'FRIENDS', 'ONLY_ME'],
  FRIEND: ['PUBLIC', 'FRIENDS'],
  REQUEST_SENT: OPEN,
  REQUEST_RECEIVED: OPEN,
  NONE: OPEN,
  BLOCKED: NOTHING,
  INVISIBLE: NOTHING,
}

/** The audiences that the viewer may see in the moblog of a user with this relationship. */
export function audiencesSeen(relationship: ViewerRelationship): readonly Audience[] {
  return SEEN[relationship]
}

/** Whether the viewer may see a post with this audience by a user with this relationship. */
export function maySeePost(relationship: ViewerRelationship, audience: Audience): boolean {
  return SEEN[relationship].includes(audience)
}

/** Whether the viewer may know that this user's moblog exists. A blocked viewer sees the same as for a missing user. */
export function maySeeMoblog(relationship: ViewerRelationship): boolean {
  return SEEN[relationship].length > 0
}
