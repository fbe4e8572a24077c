import type { Audience } from '../../../generated/graphql/blog.ts'
import type { ViewerRelationship } from '../access/viewer-relationship.ts'

/** A published post as stored, for one viewer. */
export type PostRow = {
  id: string
  /** The moblog's owner is the post's author. */
  moblogId: string
  text: string
  audience: Audience
  publishedAt: Date
  editedAt: Date | null
  version: number
  mediaIds: string[]
  likeCount: number
  likedByViewer: boolean
  commentCount: number
}

/** A post that the viewer may see, with its author's relationship to the viewer. */
export type VisiblePost = PostRow & { __typename: 'Post'; relationship: ViewerRelationship }

/** Creates a visible post. The caller has checked that the viewer may see it. */
export function visiblePost(row: PostRow, relationship: ViewerRelationship): VisiblePost {
  return { __typename: 'Post', ...row, relationship }
}
