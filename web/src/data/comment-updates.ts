import type { Cache } from '@urql/exchange-graphcache'
import { PostWithCommentsDocument, type PostWithCommentsQuery } from '../../../generated/graphql/web.ts'

type Comments = NonNullable<PostWithCommentsQuery['post']>['comments']
type CommentEdges = Comments['edges']

/** A comment that was just written, so nobody has replied to it. */
export type NewComment = Omit<CommentEdges[number]['node'], 'replies'>

const NO_REPLIES: CommentEdges[number]['node']['replies'] = {
  __typename: 'CommentConnection',
  edges: [],
  pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
}

/** Adds a comment to the end of the list, if that has been read, and a reply also below the comment that it answers. */
export function addComment(cache: Cache, postId: string, comment: NewComment): void {
  const node = { ...comment, replies: NO_REPLIES }
  const threadId = comment.replyTo?.id
  changeComments(cache, postId, ({ edges, pageInfo }) => {
    const answered = edges.map((edge) => (edge.node.id === threadId ? withReply(edge, comment) : edge))
    return pageInfo.hasNextPage
      ? answered
      : [...answered, { __typename: 'CommentEdge', cursor: comment.id, node }]
  })
}

function withReply(edge: CommentEdges[number], node: NewComment): CommentEdges[number] {
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

function changeComments(cache: Cache, id: string, change: (comments: Comments) => CommentEdges): void {
  for (const { fieldName, arguments: given } of cache.inspectFields({ __typename: 'Post', id })) {
    if (fieldName !== 'comments') continue
    const variables = { ...given, id }
    cache.updateQuery<PostWithCommentsQuery>({ query: PostWithCommentsDocument, variables }, (data) => {
      if (data?.post) data.post.comments.edges = change(data.post.comments)
      return data
    })
  }
}
