/** A comment that the viewer may see; access has been checked. */
export type VisibleComment = {
  id: string
  postId: string
  /** Increases within its post; deleted comments leave gaps. */
  number: number
  authorId: string
  text: string
  createdAt: Date
  /** The comment that it replies to, which may be deleted; null if it is no reply. */
  replyToId: string | null
  likeCount: number
}
