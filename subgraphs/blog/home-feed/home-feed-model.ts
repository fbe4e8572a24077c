import type { Audience } from '../../../generated/graphql/blog.ts'

/** A post in the model. */
export type ModelPost = {
  id: string
  author: string
  audience: Audience
  /** The author's list for `ONLY_LIST` and `EXCEPT_LIST`. */
  list: string | null
  deleted: boolean
  expired: boolean
}

/** A model of users' actions that says what their home feeds show. It is simple and slow on purpose. */
export type HomeFeedModel = {
  /** All posts that were ever published, oldest first. */
  posts: ModelPost[]
  /** Pairs `one other`, stored in both directions. */
  friends: Set<string>
  /** Pairs `blocker blocked`. */
  blocks: Set<string>
  /** Pairs `muter muted`. */
  mutes: Set<string>
  /** The members of each user's audience list, by the list's id. A deleted list is missing. */
  lists: Map<string, Set<string>>
  /** For pairs `viewer author`, how many of all posts are at or below the viewer's seen mark. */
  seen: Map<string, number>
}

/** Creates a model without any actions. */
export function emptyModel(): HomeFeedModel {
  return {
    posts: [],
    friends: new Set(),
    blocks: new Set(),
    mutes: new Set(),
    lists: new Map(),
    seen: new Map(),
  }
}

/** The posts in a viewer's home feed, newest first. */
export function feedOf(model: HomeFeedModel, viewer: string): ModelPost[] {
  const { posts, friends, mutes } = model
  return posts
    .filter(({ author }) => author === viewer || friends.has(`${viewer} ${author}`))
    .filter(({ author }) => !mutes.has(`${viewer} ${author}`))
    .filter((post) => maySee(model, viewer, post))
    .toReversed()
}

/** Whether a viewer may see a post, in the home feed or elsewhere. */
export function maySee(model: HomeFeedModel, viewer: string, post: ModelPost): boolean {
  const { friends, blocks, lists } = model
  const { author, audience, list } = post
  if (post.deleted || post.expired) return false
  if (author === viewer) return true
  if (blocks.has(`${viewer} ${author}`) || blocks.has(`${author} ${viewer}`)) return false
  if (audience === 'PUBLIC') return true
  if (audience === 'ONLY_ME' || !friends.has(`${viewer} ${author}`)) return false
  if (audience === 'FRIENDS') return true
  const members = lists.get(list ?? '')
  return members !== undefined && members.has(viewer) === (audience === 'ONLY_LIST')
}

/** Whether a viewer has seen a post. */
export function hasSeen({ posts, seen }: HomeFeedModel, viewer: string, post: ModelPost): boolean {
  return post.author === viewer || posts.indexOf(post) < (seen.get(`${viewer} ${post.author}`) ?? 0)
}

/** Moves a viewer's mark in a moblog up to a post. It never moves back. */
export function markSeen({ posts, seen }: HomeFeedModel, viewer: string, upTo: ModelPost): void {
  const pair = `${viewer} ${upTo.author}`
  seen.set(pair, Math.max(seen.get(pair) ?? 0, posts.indexOf(upTo) + 1))
}

/** Marks everything that a viewer's home feed lists at or below a post as seen. */
export function markFeedSeen(model: HomeFeedModel, viewer: string, upTo: ModelPost): void {
  const last = model.posts.indexOf(upTo)
  for (const post of feedOf(model, viewer))
    if (post.author !== viewer && model.posts.indexOf(post) <= last) markSeen(model, viewer, post)
}
