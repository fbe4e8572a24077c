import type { VisiblePost } from '../posts/visible-post.ts'
import type { Person, ShownMedia } from './shown-media.ts'

/** The content of a moblog's page. */
export type Page = {
  id: string
  title: string
  about: string | null
  owner: Person | null
  /** Whether the viewer is the owner. */
  isOwn: boolean
  posts: readonly VisiblePost[]
  media: ReadonlyMap<string, ShownMedia>
  /** Whether the page continues from an older position instead of starting with the newest posts. */
  isContinued: boolean
  /** The cursor of the next page, with older posts; null on the last page. */
  nextCursor: string | null
}
