import type { Audience } from '../../../generated/graphql/blog.ts'

/** A model of users' actions and of the access matrix that says who sees what. It is simple and slow on purpose. */
export type VisibilityModel = {
  posts: ModelPost[]
  titles: Map<string, string>
  /** Pairs `one other`, stored in both directions. */
  friends: Set<string>
  /** Pairs `blocker blocked`. */
  blocks: Set<string>
  /** The members of each user's audience list, by the list's id. A deleted list is missing. */
  lists: Map<string, Set<string>>
}

/** A post in the model. */
export type ModelPost = {
  id: string
  author: string
  audience: Audience
  /** The author's list for `ONLY_LIST` and `EXCEPT_LIST`. */
  list: string | null
  text: string
  likes: Set<string>
  comments: { id: string; author: string }[]
}

/** The parts of one post that one viewer sees. */
export type SeenPost = {
  id: string
  audience: Audience
  likeCount: number
  likedByViewer: boolean
  commentCount: number
  comments: string[]
}

/** Creates a model without any actions. */
export function emptyModel(): VisibilityModel {
  return { posts: [], titles: new Map(), friends: new Set(), blocks: new Set(), lists: new Map() }
}

/** Whether a viewer (null: signed out) may know that a user exists. */
export function seesUser({ blocks }: VisibilityModel, viewer: string | null, user: string): boolean {
  return !blocks.has(`${viewer} ${user}`) && !blocks.has(`${user} ${viewer}`)
}

/** Whether a viewer (null: signed out) may see a post. */
export function seesPost(model: VisibilityModel, viewer: string | null, post: ModelPost): boolean {
  if (viewer === post.author) return true
  if (!seesUser(model, viewer, post.author)) return false
  if (post.audience === 'PUBLIC') return true
  if (post.audience === 'ONLY_ME' || !model.friends.has(`${viewer} ${post.author}`)) return false
  if (post.audience === 'FRIENDS') return true
  const members = model.lists.get(post.list ?? '')
  return members !== undefined && members.has(viewer ?? '') === (post.audience === 'ONLY_LIST')
}

/** The posts of a moblog that a viewer sees, newest first, each with the parts that the viewer sees. */
export function seenPosts(model: VisibilityModel, viewer: string | null, author: string): SeenPost[] {
  return model.posts
    .filter((post) => post.author === author && seesPost(model, viewer, post))
    .map((post) => {
      const comments = post.comments.filter((comment) => seesUser(model, viewer, comment.author))
      return {
        id: post.id,
        audience: post.list !== null && viewer !== author ? 'FRIENDS' : post.audience,
        likeCount: post.likes.size,
        likedByViewer: viewer !== null && post.likes.has(viewer),
        commentCount: comments.length,
        comments: comments.map(({ id }) => id),
      }
    })
    .reverse()
}

/** The moblogs in which a viewer finds a word, in no particular order. */
export function foundMoblogs(
  model: VisibilityModel,
  viewer: string | null,
  users: readonly string[],
  word: string,
): string[] {
  const says = (text: string | undefined) => text?.split(' ').includes(word) ?? false
  return users.filter(
    (user) =>
      seesUser(model, viewer, user) &&
      (says(model.titles.get(user)) ||
        model.posts.some((post) => post.author === user && says(post.text) && seesPost(model, viewer, post))),
  )
}
