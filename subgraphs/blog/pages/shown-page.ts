import type { VisibleComment } from '../comments/visible-comment.ts'
import type { ShownEntity } from '../mentions/shown-entities.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import type { ShownMedia, ShownUser } from './shown-media.ts'

/** What the pages of moblogs and of posts have in common. */
type Shown = {
  owner: ShownUser | null
  /** The media of the posts and the owner's picture. */
  media: ReadonlyMap<string, ShownMedia>
  /** Whether the list on the page continues from a position instead of starting at its beginning. */
  isContinued: boolean
  /** The cursor of the next page of the list; null on the last page. */
  nextCursor: string | null
}

/** A post and the entities of its text. */
export type ShownPost = VisiblePost & { entities: readonly ShownEntity[] }

/** The content of a moblog's page. */
export type Page = Shown & {
  id: string
  title: string
  about: string | null
  /** Whether the viewer is the owner. */
  isOwn: boolean
  /** Newest first. */
  posts: readonly ShownPost[]
}

/** A comment and the names of its author; null if they are currently unknown. */
export type ShownComment = VisibleComment & { author: ShownUser | null }

/** The content of the public page of one post. */
export type PostPage = Shown & {
  owner: ShownUser
  post: ShownPost
  /** Oldest first. */
  comments: readonly ShownComment[]
}

/** The ids of the media on a page. */
export function shownMediaIds(
  owner: ShownUser | null,
  posts: readonly { mediaIds: readonly string[] }[],
): string[] {
  return [
    ...new Set([...(owner?.avatarId ? [owner.avatarId] : []), ...posts.flatMap((post) => post.mediaIds)]),
  ]
}
