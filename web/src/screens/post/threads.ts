type Listed<Reply> = {
  replyTo: { id: string } | null
  replies: { edges: readonly { node: Reply }[]; pageInfo: { hasNextPage: boolean } }
}

/** A comment and the replies to it. */
export type Thread<Comment, Reply> = {
  comment: Comment
  replies: Reply[]
  /** Whether there are replies that have not been read. */
  hasMore: boolean
}

/**
 * Puts replies below the comments that they answer. A list of comments, oldest first, also contains the replies, and has
 * the first replies to each comment; later replies come with later pages of the list. A reply stands alone if the comment
 * that it answers was deleted.
 *
 * @param hasMoreComments whether the list goes on
 */
export function threadsOf<Reply extends { id: string }, Comment extends Reply & Listed<Reply>>(
  comments: readonly Comment[],
  hasMoreComments: boolean,
): Thread<Comment, Reply>[] {
  const threads = new Map<string, { comment: Comment; replies: Map<string, Reply> }>()
  for (const comment of comments) {
    const thread = comment.replyTo && threads.get(comment.replyTo.id)
    if (thread) thread.replies.set(comment.id, comment)
    else {
      const replies = new Map(comment.replies.edges.map(({ node }) => [node.id, node]))
      threads.set(comment.id, { comment, replies })
    }
  }
  return [...threads.values()].map(({ comment, replies }) => ({
    comment,
    replies: [...replies.values()],
    hasMore: hasMoreComments && comment.replies.pageInfo.hasNextPage,
  }))
}
