import type { Relationship } from '../../../generated/graphql/communication.ts'

/** The stored relationship of two users, as one of them sees the other. */
export type RelationshipKind =
  | 'NONE'
  | 'FRIEND'
  | 'REQUEST_SENT'
  | 'REQUEST_RECEIVED'
  | 'BLOCKED'
  | 'BLOCKED_BY'

/**
 * Returns a user's relationship to a viewer.
 *
 * @param viewerId null when signed out
 * @param kind the stored relationship; null if the two never had one
 * @returns null if the user must look as if they did not exist
 */
export function relationshipOf(
  viewerId: string | null,
  userId: string,
  kind: RelationshipKind | null,
): Relationship | null {
  if (viewerId === userId) return 'SELF'
  if (kind === 'BLOCKED_BY') return null
  return kind ?? 'NONE'
}
