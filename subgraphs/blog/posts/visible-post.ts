import type { ViewerRelationship } from '../access/viewer-relationship.ts'
import type { PostRow } from './post-store.ts'

/** A post that the viewer may see, with its author's relationship to the viewer. */
export type VisiblePost = PostRow & { __typename: 'Post'; relationship: ViewerRelationship }

/**
 * Creates a visible post. The caller checks that the viewer may see it. Nobody but the author learns that the post is for
 * an audience list.
 */
export function visiblePost(row: PostRow, relationship: ViewerRelationship): VisiblePost {
  const post = { __typename: 'Post' as const, ...row, relationship }
  if (row.audienceListId === null || relationship.kind === 'SELF') return post
  return { ...post, audience: 'FRIENDS', audienceListId: null }
}
