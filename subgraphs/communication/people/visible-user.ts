import type { Relationship } from '../../../generated/graphql/communication.ts'
import { type RelationshipKind, relationshipOf } from './relationship.ts'

/** A user as one viewer sees them. */
export type VisibleUser = {
  id: string
  handle: string
  displayName: string
  about: string | null
  avatarId: string | null
  createdAt: Date
  relationship: Relationship
  /**
   * The viewer's tokens for this user's media and page that were issued at or before this instant do not work; null if
   * none were revoked.
   */
  revokedAt: Date | null
  /** Whether the viewer has muted this user. */
  isMuted: boolean
}

/** A user with the stored relationship to one viewer. */
export type UserRow = Omit<VisibleUser, 'relationship'> & { kind: RelationshipKind | null }

/** Converts rows to users and omits those who do not exist for the viewer. */
export function visibleUsers(viewerId: string | null, rows: readonly UserRow[]): VisibleUser[] {
  return rows.flatMap(({ kind, ...user }) => {
    const relationship = relationshipOf(viewerId, user.id, kind)
    return relationship === null ? [] : [{ ...user, relationship }]
  })
}
