import type { Pool } from '../database.ts'
import type { VisibleComment } from './visible-comment.ts'

/** What a list contains: all comments on a post, or the replies to a comment. */
export type CommentList = 'onPost' | 'repliesTo'

/**
 * The key of a page of comments: the id of the post or the comment, the maximum count, and the comment number after
 * which the page starts.
 */
export type CommentPageKey = { id: string; count: number; after: number }

const COLUMNS = `comment.id, comment.post_id AS "postId", comment.number, comment.author_id AS "authorId",
  comment.text, comment.created_at AS "createdAt", comment.reply_to_id AS "replyToId",
  comment.like_count AS "likeCount"`

const LISTS = {
  onPost: { name: 'comment-pages', column: 'post_id' },
  repliesTo: { name: 'reply-pages', column: 'reply_to_id' },
} as const satisfies Record<CommentList, object>

/**
 * Reads pages of comments, oldest first, in the order of the keys, with one statement for all pages. The row that
 * remains of a deleted comment has no number, so no page contains it.
 *
 * @param withoutAuthors the users whose comments are left out
 */
export async function findCommentPages(
  pool: Pool,
  list: CommentList,
  keys: readonly CommentPageKey[],
  withoutAuthors: readonly string[] = [],
): Promise<VisibleComment[][]> {
  const asked = keys.map(({ id, count, after }, page) => ({ page, id, count, past: after }))
  const { name, column } = LISTS[list]
  const { rows } = await pool.query<VisibleComment & { page: number }>({
    name,
    text: `SELECT asked.page, ${COLUMNS}
      FROM jsonb_to_recordset($1) AS asked (page int, id uuid, count int, past int)
      CROSS JOIN LATERAL (
        SELECT * FROM comment
        WHERE ${column} = asked.id AND number > asked.past AND author_id <> ALL ($2::uuid[])
        ORDER BY number LIMIT asked.count
      ) AS comment
      ORDER BY asked.page, comment.number`,
    values: [JSON.stringify(asked), withoutAuthors],
  })
  const pages = keys.map((): VisibleComment[] => [])
  for (const { page, ...row } of rows) pages[page]?.push(row)
  return pages
}

/** How many comments these authors wrote on each post, in the order of `postIds`. */
export async function countCommentsOf(
  pool: Pool,
  postIds: readonly string[],
  authorIds: readonly string[],
): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; count: number }>({
    name: 'comments-of-authors',
    text: `SELECT post_id AS id, sum(comment_count)::int AS count FROM post_commenter
      WHERE post_id = ANY ($1::uuid[]) AND user_id = ANY ($2::uuid[]) GROUP BY post_id`,
    values: [postIds, authorIds],
  })
  const byId = new Map(rows.map(({ id, count }) => [id, count]))
  return postIds.map((id) => byId.get(id) ?? 0)
}

/** The comments with these ids, in any order, without checking who may see them. */
export async function findComments(pool: Pool, ids: readonly string[]): Promise<VisibleComment[]> {
  const { rows } = await pool.query<VisibleComment>({
    name: 'comments-by-id',
    text: `SELECT ${COLUMNS} FROM comment WHERE id = ANY ($1::uuid[]) AND number IS NOT NULL`,
    values: [ids],
  })
  return rows
}
