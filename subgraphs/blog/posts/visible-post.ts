import type { ViewerRelationship } from '../access/viewer-relationship.ts'
import type { PostRow } from './post-store.ts'

/** A post that the viewer may see, with its author's relationship to the viewer. */
export type VisiblePost = PostRow & { __typename: 'Post'; relationship: ViewerRelationship }

/** Creates a visible post. The caller checks that the viewer may see it. */
export function visiblePost(row: PostRow, relationship: ViewerRelationship): VisiblePost {
  return { __typename: 'Post', ...row, relationship }
}
