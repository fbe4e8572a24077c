/** How many times a minute each user may call a mutation; the others share one allowance. */
export const WRITES_PER_MINUTE = {
  publishPost: 30,
  editPost: 60,
  deletePost: 60,
  commentOnPost: 30,
  deleteComment: 60,
  likePost: 120,
  unlikePost: 120,
}
