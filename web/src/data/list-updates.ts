import { gql } from '@urql/core'
import type { Cache, UpdateResolver } from '@urql/exchange-graphcache'
import {
  OwnProfileDocument,
  type OwnProfileQuery,
  ReadReceiptsDocument,
} from '../../../generated/graphql/web.ts'
import { addComment, forgetCommentsOf, type NewComment, removeComments } from './comment-updates.ts'
import {
  FEED,
  type FeedPost,
  INBOX,
  type ListedNotification,
  type ListedPost,
  POSTS_OF_MOBLOG,
} from './list-documents.ts'
import { isShared, postsBy } from './listed-posts.ts'
import type { Lost } from './lost-posts.ts'
import { isOfUpload } from './read-uploads.ts'
import { readSession } from './session-store.ts'

type Updates = Record<string, UpdateResolver>
type Post = ListedPost['node']
type Notification = ListedNotification['node']

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
    const { commentOnPost } = result as { commentOnPost: { comment?: NewComment } }
    const { postId } = (variables as { input: { postId: string } }).input
    if (commentOnPost.comment) addComment(cache, postId, commentOnPost.comment)
    forgetRefused(result, variables, cache)
  },
  deleteComment(result, _variables, cache) {
    const { deleteComment } = result as {
      deleteComment: { commentId?: string; post?: { id: string } | null }
    }
    const { commentId, post } = deleteComment
    if (post && commentId !== undefined) removeComments(cache, post.id, (id) => id === commentId)
  },
  updateReadReceipts(result, _variables, cache) {
    const { updateReadReceipts } = result as { updateReadReceipts: { readReceipts?: boolean } }
    const { readReceipts } = updateReadReceipts
    if (readReceipts !== undefined) {
      cache.updateQuery({ query: ReadReceiptsDocument }, () => ({ __typename: 'Query', readReceipts }))
    }
  },
  muteUser: forgetMuted,
  unmuteUser: forgetMuted,
  acceptFriendRequest(result, variables, cache) {
    forgetPeople(result, variables, cache)
    // The server has marked the notification of the request as read.
    forget(cache, ['notifications'])
  },
  likePost: forgetRefused,
  blockUser: forgetFormer,
  cancelFriendRequest: forgetPeople,
  declineFriendRequest(result, variables, cache) {
    forgetPeople(result, variables, cache)
    // The server has removed the notification of the request.
    forget(cache, ['notifications'])
  },
  requestFriend: forgetPeople,
  unblockUser: forgetPeople,
  unfriend: forgetFormer,
  endSession: (_result, _variables, cache) => forget(cache, ['sessions']),
  changePassword: (_result, _variables, cache) => forget(cache, ['sessions']),
  markNotificationsRead(_result, variables, cache) {
    const { ids, upTo } = (variables as { input: { ids?: readonly string[]; upTo?: string } }).input
    showRead(cache, ids, upTo)
  },
  forgetLost(_result, variables, cache) {
    const { mediaId, postId, userId, strangerIds = [], missingIds = [] } = (variables as { lost: Lost }).lost
    const sharesMore = (id: string) =>
      isListed(cache, id) || postsBy(cache, id).some((post) => !isShared(cache, post))
    const users = strangerIds.filter(sharesMore)
    forgetCommentsOf(cache, [
      userId,
      // The author may have blocked the viewer; otherwise, the comments are read again.
      ...authorsOf(cache, postId).filter((id) => relationshipTo(cache, id) !== 'SELF'),
      // Other strangers may still comment on posts of friends.
      ...strangerIds.filter((id) => relationshipTo(cache, id) === 'BLOCKED'),
    ])
    if (userId !== undefined && (isListed(cache, userId) || postsBy(cache, userId).length > 0))
      users.push(userId)
    const shown = mediaId === undefined ? undefined : postWith(cache, mediaId)
    for (const id of missingIds) cache.invalidate({ __typename: 'Post', id })
    forgetPosts(
      cache,
      [postId, shown].filter((id) => id !== undefined),
      users,
    )
  },
  cancelUpload: (_result, _variables, cache) => forget(cache, ['storageUsage']),
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
  const { __typename, id } = node
  const edge = { __typename: 'PostEdge', cursor: id, node: { __typename, id } } as const
  changeFeed(cache, (edges) => first({ ...edge, node: { ...edge.node, seenByViewer: true } }, edges))
  changeOwnMoblog(cache, (edges) => first(edge, edges))
}

/** Puts a new item at the beginning of a list, which may have it already because it was read meanwhile. */
function first<Edge extends { node: { id: string } }>(edge: Edge, edges: readonly Edge[]): Edge[] {
  return [edge, ...edges.filter(({ node }) => node.id !== edge.node.id)]
}

function removePost(cache: Cache, id: string): void {
  const without = <Edge extends { node: { id: string } }>(edges: readonly Edge[]) =>
    edges.filter(({ node }) => node.id !== id)
  changeFeed(cache, without)
  changeOwnMoblog(cache, without)
  cache.invalidate({ __typename: 'Post', id })
}

// A new post belongs to the first page, which is the only one that is looked at.
function changeFeed(cache: Cache, change: (edges: FeedPost[]) => FeedPost[]): void {
  cache.updateQuery({ query: FEED }, (data) => {
    if (data) data.feed.edges = change(data.feed.edges)
    return data
  })
}

function changeOwnMoblog(cache: Cache, change: (edges: ListedPost[]) => ListedPost[]): void {
  const id = readSession()?.userId ?? ''
  for (const { fieldName, arguments: given } of cache.inspectFields({ __typename: 'Moblog', id })) {
    if (fieldName !== 'posts' || given?.first !== 12) continue
    cache.updateQuery({ query: POSTS_OF_MOBLOG, variables: { ...given, id } }, (data) => {
      const posts = data?.moblog?.posts
      // A new post belongs to the first page.
      if (posts) posts.edges = given.after == null ? change(posts.edges) : posts.edges
      return data
    })
  }
}

function addNotification(cache: Cache, { __typename, id }: Notification): void {
  cache.updateQuery({ query: INBOX }, (data) => {
    const inbox = data?.viewer?.notifications
    if (!inbox || inbox.edges.some((edge) => edge.node.id === id)) return data
    inbox.edges = [{ __typename: 'NotificationEdge', cursor: id, node: { __typename, id } }, ...inbox.edges]
    return data
  })
  // Those are marked as read at once.
  if (isOfUpload({ __typename })) return
  cache.updateQuery<OwnProfileQuery>({ query: OwnProfileDocument }, (data) => {
    const inbox = data?.viewer?.notifications
    if (inbox) inbox.unreadCount += 1
    return data
  })
}

const READ = gql`
  fragment Read on Notification {
    id
    readAt
  }
`

/** Shows notifications as read that the server has marked: those with the ids, or one and all before it. */
function showRead(cache: Cache, ids: readonly string[] = [], upTo?: string): void {
  const listed = listedNotifications(cache)
  const last = listed.find(({ id }) => id === upTo)?.position ?? -1
  for (const { __typename, id, position, isUnread } of listed)
    if (isUnread && (ids.includes(id) || position <= last))
      cache.writeFragment(READ, { __typename, id, readAt: new Date().toISOString() })
}

/** The notifications of all pages of the inbox that the cache has. */
function listedNotifications(cache: Cache) {
  const viewer = { __typename: 'User', id: readSession()?.userId ?? '' }
  const pages = cache.inspectFields(viewer).filter(({ fieldName }) => fieldName === 'notifications')
  const linked = (from: unknown, field: string): unknown[] =>
    typeof from === 'string' ? [cache.resolve(from, field)].flat() : []
  return pages
    .map(({ fieldKey }) => cache.resolve(viewer, fieldKey))
    .flatMap((page) => linked(page, 'edges'))
    .flatMap((edge) => linked(edge, 'node'))
    .filter((key) => typeof key === 'string')
    .map((key) => ({
      __typename: String(cache.resolve(key, '__typename')),
      id: String(cache.resolve(key, 'id')),
      position: Number(cache.resolve(key, 'position')),
      isUnread: cache.resolve(key, 'readAt') === null,
    }))
}

function forgetPeople(_result: unknown, _variables: unknown, cache: Cache): void {
  forgetFriends(cache)
}

function forgetFriends(cache: Cache): void {
  forget(cache, ['blockedUsers', 'friendRequests', 'friends'])
  forgetLists(cache)
}

/**
 * Forgets what a user has shared with friends, after the viewer has ended the friendship. The server has removed
 * notifications too, which the inbox and the number of unread ones must not show any more.
 */
function forgetFormer(_result: unknown, variables: unknown, cache: Cache): void {
  forgetPosts(cache, [], [(variables as { input: { userId: string } }).input.userId])
  forgetFriends(cache)
  forget(cache, ['notifications'])
}

/** Forgets a post that the server did not find for the viewer. */
function forgetRefused(result: object, variables: unknown, cache: Cache): void {
  const refused = Object.values(result).some((answer) => answer?.code === 'NOT_FOUND')
  if (refused) forgetPosts(cache, [(variables as { input: { postId: string } }).input.postId])
}

/** The post of the home feed that shows a media file. */
function postWith(cache: Cache, mediaId: string): string | undefined {
  const shows = (postId: string) => {
    const media = cache.resolve({ __typename: 'Post', id: postId }, 'media')
    return Array.isArray(media) && media.some((each) => each === `Media:${mediaId}`)
  }
  return cache.readQuery({ query: FEED })?.feed.edges.find(({ node }) => shows(node.id))?.node.id
}

/** Whether the row above the home feed shows a user. */
function isListed(cache: Cache, userId: string): boolean {
  const moblogs = cache.inspectFields('Query').filter(({ fieldName }) => fieldName === 'friendMoblogs')
  return moblogs.some(({ fieldKey }) => {
    const list = cache.resolve('Query', fieldKey)
    const edges = typeof list === 'string' ? cache.resolve(list, 'edges') : null
    const nodes = Array.isArray(edges) ? edges.map((edge) => cache.resolve(String(edge), 'node')) : []
    return nodes.some((node) => node === `Moblog:${userId}`)
  })
}

function authorsOf(cache: Cache, ...postIds: (string | undefined)[]): string[] {
  const authors = postIds.map((id) => id && cache.resolve({ __typename: 'Post', id }, 'author'))
  return authors.flatMap((author) => (typeof author === 'string' ? author.slice('User:'.length) : []))
}

const relationshipTo = (cache: Cache, id: string) => cache.resolve(`User:${id}`, 'relationship')

/**
 * Forgets posts with all others of their authors, and the posts of users, so that only those that the viewer may still see
 * are read again. Without the lists, the cache would still have the posts themselves, and the browser would keep them.
 */
function forgetPosts(cache: Cache, ids: readonly string[], userIds: readonly string[] = []): void {
  const users = [...userIds, ...authorsOf(cache, ...ids)]
  // The lists lead to the posts, so they are forgotten last.
  for (const post of users.flatMap((id) => postsBy(cache, id))) cache.invalidate(post)
  for (const id of ids) cache.invalidate({ __typename: 'Post', id })
  for (const id of users) {
    const moblog = { __typename: 'Moblog', id }
    for (const { fieldName, arguments: given } of cache.inspectFields(moblog))
      if (fieldName === 'posts') cache.invalidate(moblog, fieldName, given ?? undefined)
  }
  if (ids.length > 0 || users.length > 0) forgetLists(cache)
}

function forgetMuted(_result: unknown, _variables: unknown, cache: Cache): void {
  forget(cache, ['mutedUsers'])
  forgetLists(cache)
}

/** Lets the lists of friends' posts be read again. */
function forgetLists(cache: Cache): void {
  for (const { fieldName, arguments: given } of cache.inspectFields('Query')) {
    if (fieldName === 'friendMoblogs' || fieldName === 'feed')
      cache.invalidate('Query', fieldName, given ?? undefined)
  }
}

/** Lets lists of the viewer be read again. */
function forget(cache: Cache, fields: readonly string[]): void {
  const viewer = { __typename: 'User', id: readSession()?.userId ?? '' }
  for (const { fieldName, arguments: given } of cache.inspectFields(viewer)) {
    if (fields.includes(fieldName)) cache.invalidate(viewer, fieldName, given ?? undefined)
  }
}
