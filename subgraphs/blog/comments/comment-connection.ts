import { badCursor, type Connection, readPageRequest, toConnection } from '../../../platform/connections.ts'
import type { CommentLoaders } from './comment-loaders.ts'
import type { CommentList } from './comment-store.ts'
import type { VisibleComment } from './visible-comment.ts'

const NAMES: Readonly<Record<CommentList, string>> = { onPost: 'comments', repliesTo: 'replies' }

/**
 * A page of comments that the viewer may see.
 *
 * @param id the post or the comment that the list belongs to; the viewer may see it
 * @throws VisibleError `BAD_USER_INPUT` if the arguments are out of range
 */
export async function commentConnection(
  comments: CommentLoaders,
  kind: CommentList,
  id: string,
  args: Parameters<typeof readPageRequest>[0],
): Promise<Connection<VisibleComment>> {
  const list = `${NAMES[kind]}/${id.slice(-12)}`
  const request = readPageRequest(args, list)
  const rows = await comments.page(kind, id, request.first + 1, fromCursor(request.after))
  return toConnection(
    rows,
    request,
    list,
    ({ number }) => [String(number)],
    (row) => row,
  )
}

function fromCursor(position: readonly string[] | null): number {
  if (!position) return 0
  const [number = ''] = position
  if (!/^\d{1,9}$/.test(number)) throw badCursor()
  return Number(number)
}
