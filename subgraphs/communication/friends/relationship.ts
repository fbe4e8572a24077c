import type { Relationship } from '../../../generated/graphql/communication.ts'

/** What the database keeps about a pair, as one side of it sees the other. */
export type Tie = 'NONE' | 'FRIEND' | 'REQUEST_SENT' | 'REQUEST_RECEIVED' | 'BLOCKED' | 'BLOCKED_BY'

/**
 * What a user is to a viewer.
 *
 * @param viewerId null for someone who is signed out
 * @param tie what is kept about the two; null where they never had to do with each other
 * @returns null where the user must look as if they did not exist
 */
export function relationshipOf(
  viewerId: string | null,
  userId: string,
  tie: Tie | null,
): Relationship | null {
  if (viewerId === userId) return 'SELF'
  if (tie === 'BLOCKED_BY') return null
  return tie ?? 'NONE'
}
