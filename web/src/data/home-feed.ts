import type { FriendMoblogsQuery, HomePostsQuery, PostCardFragment } from '../../../generated/graphql/web.ts'
import type { LiveNotification } from './live.ts'

// A mention is found moments after its post was published.
const MENTIONED_WITHIN_MS = 60_000

/** A post, as lists show it. */
export type Post = PostCardFragment

/** A post in the home feed. */
export type FeedPost = HomePostsQuery['feed']['edges'][number]['node']

/** A friend's moblog, as the row above the home feed shows it. */
export type FriendMoblog = FriendMoblogsQuery['friendMoblogs']['edges'][number]['node']

type Marked = { seenByViewer: boolean; author: { relationship: string } | null }

/** Where the new posts at the top of a feed end. */
export type NewPosts = {
  /** How many posts are above the line below which the viewer has seen the posts of others; 0 if nothing is new. */
  count: number
  /** Whether the end is certain: false if all posts are new, and there may be more of them. */
  isEndKnown: boolean
}

/** Finds the new posts at the top of a feed. Own posts always count as seen, so they do not end the new ones. */
export function newPostsOf(posts: readonly Marked[], hasMore: boolean): NewPosts {
  const firstSeen = posts.findIndex(
    ({ seenByViewer, author }) => seenByViewer && author?.relationship !== 'SELF',
  )
  const top = firstSeen === -1 ? posts : posts.slice(0, firstSeen)
  return {
    count: top.findLastIndex(({ seenByViewer }) => !seenByViewer) + 1,
    isEndKnown: firstSeen !== -1 || !hasMore,
  }
}

/**
 * The id of the post of a friend that a notification announces; null if it announces none. A friend whom a new post
 * mentions hears only of the mention.
 */
export function announcedPost(notification: LiveNotification): string | null {
  if (notification.__typename === 'PostPublished') return notification.post?.id ?? null
  if (notification.__typename !== 'MentionedInPost' || !notification.post) return null
  const { id, author, publishedAt } = notification.post
  const age = Date.parse(notification.createdAt) - Date.parse(publishedAt)
  return author?.relationship === 'FRIEND' && age < MENTIONED_WITHIN_MS ? id : null
}

/** Orders friends' moblogs for the row above the feed: friends who are online come first, otherwise nothing moves. */
export function onlineFirst<Moblog extends { owner: { isOnline: boolean } | null }>(
  moblogs: readonly Moblog[],
): Moblog[] {
  return moblogs.toSorted((one, other) => Number(isOnline(other)) - Number(isOnline(one)))
}

const isOnline = ({ owner }: { owner: { isOnline: boolean } | null }) => owner?.isOnline === true
