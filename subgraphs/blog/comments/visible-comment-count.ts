import type { CommentLoaders } from './comment-loaders.ts'

/** The number of a post's comments, without those by users who do not exist for the viewer. */
export async function visibleCommentCount(
  postId: string,
  commentCount: number,
  { hiddenCount }: CommentLoaders,
): Promise<number> {
  if (commentCount === 0) return 0
  // The two counts are read one after the other, and a comment may be added in between; never return less than 0.
  return Math.max(0, commentCount - (await hiddenCount.load(postId)))
}
