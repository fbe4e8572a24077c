import { maySeeMoblog, type ViewerRelationship } from '../access/viewer-relationship.ts'

/** A moblog that the viewer may know about; its id is its owner's user id. */
export type VisibleMoblog = { __typename: 'Moblog'; id: string; relationship: ViewerRelationship }

/** The moblog of a user with this relationship; null if the viewer may not know about it. */
export function visibleMoblog(id: string, relationship: ViewerRelationship): VisibleMoblog | null {
  return maySeeMoblog(relationship) ? { __typename: 'Moblog', id, relationship } : null
}
