import type { Audience } from '../../../generated/graphql/blog.ts'

/** What a user is to the viewer, as `communication` says when it is asked. */
export type Relationship = 'SELF' | 'FRIEND' | 'REQUEST_SENT' | 'REQUEST_RECEIVED' | 'BLOCKED' | 'NONE'

/** What someone is to the viewer; `INVISIBLE` where they do not exist for the viewer, whatever the reason. */
export type Standing = Relationship | 'INVISIBLE'

const NOTHING: readonly Audience[] = []
const OPEN: readonly Audience[] = ['PUBLIC']

// Asking to be friends gives nothing yet, to neither side.
const SEEN: Readonly<Record<Standing, readonly Audience[]>> = {
  SELF: ['PUBLIC', 'FRIENDS', 'ONLY_ME'],
  FRIEND: ['PUBLIC', 'FRIENDS'],
  REQUEST_SENT: OPEN,
  REQUEST_RECEIVED: OPEN,
  NONE: OPEN,
  BLOCKED: NOTHING,
  INVISIBLE: NOTHING,
}

/** The audiences whose posts the viewer may see in the moblog of someone of this standing. */
export function audiencesSeen(standing: Standing): readonly Audience[] {
  return SEEN[standing]
}

/** Whether the viewer may see a post with this audience by someone of this standing. */
export function maySeePost(standing: Standing, audience: Audience): boolean {
  return SEEN[standing].includes(audience)
}

/** Whether the viewer may know that this one's moblog exists: blocked looks exactly like not existing. */
export function maySeeMoblog(standing: Standing): boolean {
  return SEEN[standing].length > 0
}
