import type { Cache, UpdateResolver } from '@urql/exchange-graphcache'
import {
  HomePostsDocument,
  type HomePostsQuery,
  MoblogPostsDocument,
  type MoblogPostsQuery,
  NotificationsDocument,
  type NotificationsQuery,
  OwnProfileDocument,
  type OwnProfileQuery,
  PostWithCommentsDocument,
  type PostWithCommentsQuery,
} from '../../../generated/graphql/web.ts'
import { readSession } from './session-store.ts'

type Updates = Record<string, UpdateResolver>
type Post = Extract<NonNullable<HomePostsQuery['viewer']>['moblog'], object>['posts']['edges'][number]['node']
type Comment = NonNullable<PostWithCommentsQuery['post']>['comments']['edges'][number]['node']
type Notification = NonNullable<
  NonNullable<NotificationsQuery['viewer']>['notifications']
>['edges'][number]['node']

/** Changes lists after a mutation. Changed objects, for example a post with more likes, need nothing here. */
export const mutationUpdates: Updates = {
  publishPost(result, _variables, cache) {
    const { publishPost } = result as { publishPost: { post?: Post } }
    if (publishPost.post) addPost(cache, publishPost.post)
  },
  deletePost(result, _variables, cache) {
    const { deletePost } = result as { deletePost: { postId?: string } }
    if (deletePost.postId !== undefined) removePost(cache, deletePost.postId)
  },
  commentOnPost(result, variables, cache) {
    const { commentOnPost } = result as { commentOnPost: { comment?: Comment } }
    const { postId } = (variables as { input: { postId: string } }).input
    const { comment } = commentOnPost
    if (!comment) return
    changeComments(cache, postId, (comments) =>
      comments.pageInfo.hasNextPage
        ? comments.edges
        : [...comments.edges, { __typename: 'CommentEdge', cursor: comment.id, node: comment }],
    )
  },
  deleteComment(result, _variables, cache) {
    const { deleteComment } = result as {
      deleteComment: { commentId?: string; post?: { id: string } | null }
    }
    const { commentId, post } = deleteComment
    if (post) changeComments(cache, post.id, ({ edges }) => edges.filter(({ node }) => node.id !== commentId))
  },
  acceptFriendRequest: forgetPeople,
  blockUser: forgetPeople,
  cancelFriendRequest: forgetPeople,
  declineFriendRequest: forgetPeople,
  requestFriend: forgetPeople,
  unblockUser: forgetPeople,
  unfriend: forgetPeople,
  endSession: (_result, _variables, cache) => forget(cache, ['sessions']),
  changePassword: (_result, _variables, cache) => forget(cache, ['sessions']),
  deleteMedia: (_result, _variables, cache) => forget(cache, ['mediaLibrary', 'storageUsage']),
}

/** Adds what happens to the inbox. */
export const subscriptionUpdates: Updates = {
  notificationReceived(result, _variables, cache) {
    const { notificationReceived } = result as { notificationReceived: Notification }
    addNotification(cache, notificationReceived)
    if (notificationReceived.__typename === 'FriendRequestAccepted') forgetFriends(cache)
    if (notificationReceived.__typename === 'FriendRequestReceived') forget(cache, ['friendRequests'])
    if (notificationReceived.__typename === 'MediaReady') forget(cache, ['storageUsage'])
  },
}

function addPost(cache: Cache, node: Post): void {
  const edge = { __typename: 'PostEdge' as const, cursor: node.id, node }
  cache.updateQuery<HomePostsQuery>({ query: HomePostsDocument }, (data) => {
    const posts = data?.viewer?.moblog?.posts
    if (posts) posts.edges = first(edge, posts.edges)
    return data
  })
  changeOwnMoblog(cache, (edges) => first(edge, edges))
}

/** Puts a new item at the beginning of a list, which may have it already because it was read meanwhile. */
function first<Edge extends { node: { id: string } }>(edge: Edge, edges: readonly Edge[]): Edge[] {
  return [edge, ...edges.filter(({ node }) => node.id !== edge.node.id)]
}

function removePost(cache: Cache, id: string): void {
  const without = <Edge extends { node: { id: string } }>(edges: readonly Edge[]) =>
    edges.filter(({ node }) => node.id !== id)
  cache.updateQuery<HomePostsQuery>({ query: HomePostsDocument }, (data) => {
    const posts = data?.viewer?.moblog?.posts
    if (posts) posts.edges = without(posts.edges)
    return data
  })
  changeOwnMoblog(cache, without)
  cache.invalidate({ __typename: 'Post', id })
}

type MoblogEdges = NonNullable<MoblogPostsQuery['moblog']>['posts']['edges']

function changeOwnMoblog(cache: Cache, change: (edges: MoblogEdges) => MoblogEdges): void {
  const id = readSession()?.userId ?? ''
  for (const { fieldName, arguments: given } of cache.inspectFields({ __typename: 'Moblog', id })) {
    if (fieldName !== 'posts' || given?.first !== 12) continue
    cache.updateQuery<MoblogPostsQuery>(
      { query: MoblogPostsDocument, variables: { ...given, id } },
      (data) => {
        const posts = data?.moblog?.posts
        // A new post belongs to the first page.
        if (posts) posts.edges = given.after == null ? change(posts.edges) : posts.edges
        return data
      },
    )
  }
}

type Comments = NonNullable<PostWithCommentsQuery['post']>['comments']

function changeComments(cache: Cache, id: string, change: (comments: Comments) => Comments['edges']): void {
  for (const { fieldName, arguments: given } of cache.inspectFields({ __typename: 'Post', id })) {
    if (fieldName !== 'comments') continue
    const variables = { ...given, id }
    cache.updateQuery<PostWithCommentsQuery>({ query: PostWithCommentsDocument, variables }, (data) => {
      if (data?.post) data.post.comments.edges = change(data.post.comments)
      return data
    })
  }
}

function addNotification(cache: Cache, node: Notification): void {
  cache.updateQuery<NotificationsQuery>({ query: NotificationsDocument }, (data) => {
    const inbox = data?.viewer?.notifications
    if (!inbox || inbox.edges.some((edge) => edge.node.id === node.id)) return data
    inbox.edges = [{ __typename: 'NotificationEdge', cursor: node.id, node }, ...inbox.edges]
    return data
  })
  cache.updateQuery<OwnProfileQuery>({ query: OwnProfileDocument }, (data) => {
    const inbox = data?.viewer?.notifications
    if (inbox) inbox.unreadCount += 1
    return data
  })
}

function forgetPeople(_result: unknown, _variables: unknown, cache: Cache): void {
  forgetFriends(cache)
}

function forgetFriends(cache: Cache): void {
  forget(cache, ['blockedUsers', 'friendRequests', 'friends'])
  for (const { fieldName, arguments: given } of cache.inspectFields('Query')) {
    if (fieldName === 'friendMoblogs') cache.invalidate('Query', fieldName, given ?? undefined)
  }
}

/** Lets lists of the viewer be read again. */
function forget(cache: Cache, fields: readonly string[]): void {
  const viewer = { __typename: 'User', id: readSession()?.userId ?? '' }
  for (const { fieldName, arguments: given } of cache.inspectFields(viewer)) {
    if (fields.includes(fieldName)) cache.invalidate(viewer, fieldName, given ?? undefined)
  }
}
