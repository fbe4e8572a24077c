import type { Cache } from '@urql/exchange-graphcache'
import { COMMENTS, type CommentList, type ListedComment } from './list-documents.ts'

/** A comment that was just written, so nobody has replied to it. */
export type NewComment = { __typename: 'Comment'; id: string; replyTo: { id: string } | null }

const NO_REPLIES: ListedComment['node']['replies'] = {
  __typename: 'CommentConnection',
  edges: [],
  pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
}

/** Adds a comment to the end of the list, if that has been read, and a reply also below the comment that it answers. */
export function addComment(cache: Cache, postId: string, comment: NewComment): void {
  const { __typename, id } = comment
  const node = { __typename, id, replies: NO_REPLIES }
  const threadId = comment.replyTo?.id
  changeComments(cache, postId, ({ edges, pageInfo }) => {
    const answered = edges.map((edge) =>
      edge.node.id === threadId ? withReply(edge, { __typename, id }) : edge,
    )
    return pageInfo.hasNextPage ? answered : [...answered, { __typename: 'CommentEdge', cursor: id, node }]
  })
}

function withReply(edge: ListedComment, node: Omit<NewComment, 'replyTo'>): ListedComment {
  const { replies } = edge.node
  const edges = [...replies.edges, { __typename: 'CommentEdge' as const, node }]
  return { ...edge, node: { ...edge.node, replies: { ...replies, edges } } }
}

/** Removes a comment or a reply wherever it is listed. Replies to it stay. */
export function removeComment(cache: Cache, postId: string, id: string): void {
  changeComments(cache, postId, ({ edges }) =>
    edges
      .filter(({ node }) => node.id !== id)
      .map((edge) => {
        const replies = edge.node.replies.edges.filter(({ node }) => node.id !== id)
        return { ...edge, node: { ...edge.node, replies: { ...edge.node.replies, edges: replies } } }
      }),
  )
}

function changeComments(cache: Cache, id: string, change: (comments: CommentList) => ListedComment[]): void {
  for (const { fieldName, arguments: given } of cache.inspectFields({ __typename: 'Post', id })) {
    if (fieldName !== 'comments') continue
    cache.updateQuery({ query: COMMENTS, variables: { ...given, id } }, (data) => {
      if (data?.post) data.post.comments.edges = change(data.post.comments)
      return data
    })
  }
}
