/**
 * Returns the SQL condition that a viewer has not hidden a post. A scalar subquery is used because the planner may turn
 * EXISTS into reading all posts that the viewer has hidden.
 *
 * @param postId the SQL expression of the post's id, with the name of its table
 * @param viewerId the SQL expression of the viewer's id; it is null if the viewer is signed out, and null equals nothing
 */
export const notHidden = (postId: string, viewerId: string) => `(
    SELECT true FROM hidden_post WHERE hidden_post.user_id = ${viewerId}::uuid AND hidden_post.post_id = ${postId}
  ) IS NULL`
