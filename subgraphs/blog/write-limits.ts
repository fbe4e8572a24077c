/** How many times per minute a user may call each mutation. Mutations that are not listed share one rate limit. */
export const WRITES_PER_MINUTE = {
  publishPost: 30,
  editPost: 60,
  deletePost: 60,
  commentOnPost: 30,
  deleteComment: 60,
  likePost: 120,
  unlikePost: 120,
  markMoblogSeen: 240,
  markFeedSeen: 120,
  likeComment: 120,
  unlikeComment: 120,
  viewPosts: 120,
  hidePost: 60,
  unhidePost: 60,
}
