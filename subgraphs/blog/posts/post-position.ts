import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'

/** Where a post stands in the order of a moblog. */
export type PostPosition = { publishedAt: string; id: string }

/** What the cursors of a moblog's posts are made for: those of another moblog are refused. */
export function postList(moblogId: string): string {
  // The end of a UUIDv7 is random; all of it would make every cursor longer for nothing.
  return `posts/${moblogId.slice(-12)}`
}

/** A position as a cursor carries it. */
export function toCursor({ publishedAt, id }: { publishedAt: Date; id: string }): string[] {
  return [publishedAt.toISOString(), id]
}

/** @throws VisibleError `BAD_USER_INPUT` where a cursor was made up */
export function fromCursor(parts: readonly string[]): PostPosition {
  const [publishedAt = '', id = ''] = parts
  if (!isInstant(publishedAt) || !isId(id)) throw badInput('"after" is not a cursor of this list.')
  return { publishedAt, id }
}

function isInstant(text: string): boolean {
  return /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))
}
