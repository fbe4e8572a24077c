import { gql } from '@urql/core'
import type { Cache } from '@urql/exchange-graphcache'
import { COMMENTS, type CommentList, type ListedComment } from './list-documents.ts'

/** A comment that was just written, so nobody has replied to it. */
export type NewComment = { __typename: 'Comment'; id: string; replyTo: { id: string } | null }

const NO_REPLIES: ListedComment['node']['replies'] = {
  __typename: 'CommentConnection',
  edges: [],
  pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
}

const TEXT = gql`
  fragment CommentText on Comment {
    id
    text
  }
`

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

/** Removes comments and replies wherever they are listed below a post. Replies to them stay. */
export function removeComments(cache: Cache, postId: string, isGone: (id: string) => boolean): void {
  const without = <Edge extends { node: { id: string } }>(edges: readonly Edge[]) =>
    edges.filter(({ node }) => !isGone(node.id))
  changeComments(cache, postId, ({ edges }) =>
    without(edges).map((edge) => {
      const { replies } = edge.node
      return { ...edge, node: { ...edge.node, replies: { ...replies, edges: without(replies.edges) } } }
    }),
  )
}

/**
 * Removes the comments of users below all posts. Replies and notifications may still lead to them, so what they say is
 * overwritten as well.
 */
export function forgetCommentsOf(cache: Cache, userIds: readonly (string | undefined)[]): void {
  const isGone = (id: string) => {
    const comment = { __typename: 'Comment', id }
    const author = cache.resolve(comment, 'author')
    const isTheirs = userIds.some((userId) => author === `User:${userId}`)
    if (isTheirs) cache.writeFragment(TEXT, { ...comment, text: '' })
    return isTheirs
  }
  for (const { fieldName, arguments: given } of cache.inspectFields('Query'))
    if (fieldName === 'post') removeComments(cache, String(given?.id), isGone)
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
