import type { ViewerRelationship } from '../access/viewer-relationship.ts'

/**
 * Whether the home feed shows posts of a user with this relationship to the viewer. Whether the viewer may see a post is
 * decided separately, by `maySeePost`. Other reasons to leave out an author belong here.
 */
export function belongsInFeed({ kind }: ViewerRelationship): boolean {
  return kind === 'SELF' || kind === 'FRIEND'
}
