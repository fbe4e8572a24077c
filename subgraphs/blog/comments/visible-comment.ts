/** A comment of which it was decided that the viewer may see it. */
export type VisibleComment = {
  id: string
  postId: string
  /** Counts up within its post; deleted ones leave gaps. */
  number: number
  authorId: string
  text: string
  createdAt: Date
}
