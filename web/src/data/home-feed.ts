import {
  HomePostsDocument,
  type HomePostsQuery,
  type PostCardFragment,
} from '../../../generated/graphql/web.ts'

/** A post, as lists show it. */
export type Post = PostCardFragment

/** A friend's moblog, as the row above the posts shows it. */
export type FriendMoblog = HomePostsQuery['friendMoblogs']['edges'][number]['node']

/**
 * The query behind the home screen, and what it shows. There is no operation for one list of all friends' posts yet: it
 * reads the newest posts of each moblog, and merges them here.
 */
export const homeFeed = {
  document: HomePostsDocument,
  listIn: (data: HomePostsQuery) => data.friendMoblogs,
  ownPosts: (data: HomePostsQuery | null): Post[] =>
    data?.viewer?.moblog?.posts.edges.map(({ node }) => node) ?? [],
}

/** Merges the posts of moblogs with the viewer's own posts, newest first. */
export function mergePosts(moblogs: readonly FriendMoblog[], own: readonly Post[]): Post[] {
  const posts = [...own, ...moblogs.flatMap(({ posts }) => posts.edges.map(({ node }) => node))]
  return posts.sort((one, other) => other.publishedAt.localeCompare(one.publishedAt))
}
