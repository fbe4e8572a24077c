import type { Audience } from '../../../generated/graphql/blog.ts'

/** A model of users' actions and of the access matrix that says who sees what. It is simple and slow on purpose. */
export type VisibilityModel = {
  posts: ModelPost[]
  titles: Map<string, string>
  /** Pairs `one other`, stored in both directions. */
  friends: Set<string>
  /** Pairs `blocker blocked`. */
  blocks: Set<string>
  /** Pairs `viewer user`. */
  mutes: Set<string>
  /** Pairs `viewer post`. */
  hidden: Set<string>
}

/** A post in the model. */
export type ModelPost = {
  id: string
  author: string
  audience: Audience
  text: string
  likes: Set<string>
  comments: ModelComment[]
}

/** A comment in the model. */
export type ModelComment = {
  id: string
  author: string
  likes: Set<string>
  /** The comment below which it is listed; null if it is no reply. It may be deleted. */
  replyTo: string | null
}

/** The parts of one post that one viewer sees. */
export type SeenPost = {
  id: string
  likeCount: number
  likedByViewer: boolean
  commentCount: number
  likers: string[]
  comments: SeenComment[]
}

/** The parts of one comment that one viewer sees. */
export type SeenComment = {
  id: string
  likeCount: number
  likedByViewer: boolean
  replyTo: string | null
  replies: string[]
}

/** Creates a model without any actions. */
export function emptyModel(): VisibilityModel {
  return {
    posts: [],
    titles: new Map(),
    friends: new Set(),
    blocks: new Set(),
    mutes: new Set(),
    hidden: new Set(),
  }
}

/** Whether a viewer (null: signed out) may know that a user exists. */
export function seesUser({ blocks }: VisibilityModel, viewer: string | null, user: string): boolean {
  return !blocks.has(`${viewer} ${user}`) && !blocks.has(`${user} ${viewer}`)
}

/** Whether a viewer (null: signed out) may see a post. */
export function seesPost(model: VisibilityModel, viewer: string | null, post: ModelPost): boolean {
  if (viewer === post.author) return true
  if (!seesUser(model, viewer, post.author)) return false
  if (post.audience === 'FRIENDS') return model.friends.has(`${viewer} ${post.author}`)
  return post.audience === 'PUBLIC'
}

/** Whether a viewer (null: signed out) finds a post in lists. */
function listsPost(model: VisibilityModel, viewer: string | null, post: ModelPost): boolean {
  return seesPost(model, viewer, post) && !model.hidden.has(`${viewer} ${post.id}`)
}

/** The posts of a moblog that a viewer finds in it, newest first, each with the parts that the viewer sees. */
export function seenPosts(model: VisibilityModel, viewer: string | null, author: string): SeenPost[] {
  return model.posts
    .filter((post) => post.author === author && listsPost(model, viewer, post))
    .map((post) => {
      const comments = seenComments(model, viewer, post)
      return {
        id: post.id,
        likeCount: post.likes.size,
        likedByViewer: viewer !== null && post.likes.has(viewer),
        likers: [...post.likes].filter((user) => seesUser(model, viewer, user)).sort(),
        commentCount: comments.length,
        comments,
      }
    })
    .reverse()
}

function seenComments(model: VisibilityModel, viewer: string | null, post: ModelPost): SeenComment[] {
  const visible = post.comments.filter(({ author }) => seesUser(model, viewer, author))
  return visible.map(({ id, likes, replyTo }) => ({
    id,
    likeCount: likes.size,
    likedByViewer: viewer !== null && likes.has(viewer),
    replyTo: visible.some((comment) => comment.id === replyTo) ? replyTo : null,
    replies: visible.filter((comment) => comment.replyTo === id).map((comment) => comment.id),
  }))
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
        model.posts.some(
          (post) => post.author === user && says(post.text) && listsPost(model, viewer, post),
        )),
  )
}
