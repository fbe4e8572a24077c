import { badCursor, readInstant } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { PostPosition } from './post-store.ts'

/** The list name for cursors of a moblog's posts, so that cursors of another moblog are refused. */
export function postList(moblogId: string): string {
  // The end of a UUIDv7 is random and is enough. The whole id would only make every cursor longer.
  return `posts/${moblogId.slice(-12)}`
}

/** The cursor parts of a post's position. */
export function toCursor({ publishedAt, id }: { publishedAt: Date; id: string }): string[] {
  return [publishedAt.toISOString(), id]
}

/** The position of a post in a list that is ordered by when posts were published. */
export function positionOf({ publishedAt, id }: { publishedAt: Date; id: string }): PostPosition {
  return { publishedAt: publishedAt.toISOString(), id }
}

/**
 * Reads a position from cursor parts.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the parts are not a position
 */
export function fromCursor(parts: readonly string[]): PostPosition {
  const [publishedAt = '', id = ''] = parts
  if (!isId(id)) throw badCursor()
  return { publishedAt: readInstant(publishedAt), id }
}
