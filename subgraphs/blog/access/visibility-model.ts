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
  /** The author's list for `ONLY_LIST` and `EXCEPT_LIST`. */
  list: string | null
  /** A hashtag, a mention of a user and a name of the post, with spaces between them. */
  text: string
  /** The user whom the text mentions; null if the user did not exist for the author. */
  mentions: string | null
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
  audience: Audience
  likeCount: number
  likedByViewer: boolean
  commentCount: number
  likers: string[]
  mentioned: string[]
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
    lists: new Map(),
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
  if (post.audience === 'PUBLIC') return true
  if (post.audience === 'ONLY_ME' || !model.friends.has(`${viewer} ${post.author}`)) return false
  if (post.audience === 'FRIENDS') return true
  const members = model.lists.get(post.list ?? '')
  return members !== undefined && members.has(viewer ?? '') === (post.audience === 'ONLY_LIST')
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
        audience: post.list !== null && viewer !== author ? 'FRIENDS' : post.audience,
        likeCount: post.likes.size,
        likedByViewer: viewer !== null && post.likes.has(viewer),
        likers: [...post.likes].filter((user) => seesUser(model, viewer, user)).sort(),
        mentioned: [post.mentions ?? []].flat().filter((user) => seesUser(model, viewer, user)),
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
  return users.filter(
    (user) =>
      seesUser(model, viewer, user) &&
      (model.titles.get(user) === word ||
        model.posts.some(
          (post) => post.author === user && hasTag(post, word) && listsPost(model, viewer, post),
        )),
  )
}

/** The ids of the posts that a viewer finds on the page of a hashtag, newest first. */
export function taggedPosts(model: VisibilityModel, viewer: string | null, tag: string): string[] {
  return model.posts
    .filter((post) => hasTag(post, tag) && listsPost(model, viewer, post))
    .filter(({ author }) => !model.mutes.has(`${viewer} ${author}`))
    .map(({ id }) => id)
    .reverse()
}

function hasTag({ text }: ModelPost, tag: string): boolean {
  return text.split(' ').includes(`#${tag}`)
}
