import type { ViewerRelationship } from '../access/viewer-relationship.ts'

/**
 * Whether the home feed shows posts of an author with this relationship to the viewer, who has muted these users. Whether
 * the viewer may see a post is decided separately, by `maySeePost`. Other reasons to leave out an author belong here.
 */
export function belongsInFeed(
  authorId: string,
  { kind }: ViewerRelationship,
  muted: ReadonlySet<string>,
): boolean {
  return kind === 'SELF' || (kind === 'FRIEND' && !muted.has(authorId))
}
