import { gql, type TypedDocumentNode } from '@urql/core'

/*
 * The lists that updates of the cache change, with nothing of their items but their ids. The arguments are those of the
 * operations that read the lists.
 *
 * Within an update, graphcache reads as if all fragments fitted all types, so a document that has fragments for different
 * types, such as the entities of a text or the kinds of notifications, finds nothing as soon as there is one of them.
 */

type Edge<Typename extends string, Node> = { __typename: Typename; cursor: string; node: Node }

/** A post in a list. */
export type ListedPost = Edge<'PostEdge', { __typename: 'Post'; id: string }>
/** A post in the home feed. */
export type FeedPost = Edge<'PostEdge', { __typename: 'Post'; id: string; seenByViewer: boolean }>
/** A notification in the inbox; its type is the kind of the notification. */
export type ListedNotification = Edge<'NotificationEdge', { __typename: string; id: string }>
type Reply = { __typename: 'CommentEdge'; node: { __typename: 'Comment'; id: string } }
type PageInfo = { __typename: 'PageInfo'; hasNextPage: boolean; endCursor: string | null }
/** A comment in the list below a post. */
export type ListedComment = Edge<
  'CommentEdge',
  {
    __typename: 'Comment'
    id: string
    replies: { __typename: 'CommentConnection'; edges: Reply[]; pageInfo: PageInfo }
  }
>
/** A list of comments. */
export type CommentList = { edges: ListedComment[]; pageInfo: PageInfo }

export const FEED: TypedDocumentNode<{ feed: { edges: FeedPost[] } }, { first?: number }> = gql`
  query ($first: Int = 10) {
    feed(first: $first) {
      edges {
        cursor
        node {
          id
          seenByViewer
        }
      }
    }
  }
`

export const POSTS_OF_MOBLOG: TypedDocumentNode<
  { moblog: { posts: { edges: ListedPost[] } } | null },
  { id: string; first?: number; after?: string | null }
> = gql`
  query ($id: ID!, $first: Int = 12, $after: String) {
    moblog(id: $id) {
      id
      posts(first: $first, after: $after) {
        edges {
          cursor
          node {
            id
          }
        }
      }
    }
  }
`

export const INBOX: TypedDocumentNode<
  { viewer: { notifications: { edges: ListedNotification[] } | null } | null },
  { first?: number }
> = gql`
  query ($first: Int = 20) {
    viewer {
      id
      notifications(first: $first) {
        edges {
          cursor
          node {
            id
          }
        }
      }
    }
  }
`

export const COMMENTS: TypedDocumentNode<
  { post: { comments: CommentList } | null },
  { id: string; first?: number; after?: string | null }
> = gql`
  query ($id: ID!, $first: Int = 30, $after: String) {
    post(id: $id) {
      id
      comments(first: $first, after: $after) {
        edges {
          cursor
          node {
            id
            replies(first: 5) {
              edges {
                node {
                  id
                }
              }
              pageInfo {
                hasNextPage
                endCursor
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`
