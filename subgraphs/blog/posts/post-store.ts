import { joinReads } from '../../../platform/database/join-reads.ts'
import { askedChannels, CHANNEL_COLUMNS, isLive, newestInChannels } from '../access/channels.ts'
import { notHidden } from '../access/not-hidden.ts'
import type { PostAudience, ViewerRelationship } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'

/** A published post as stored, for one viewer. */
export type PostRow = PostAudience & {
  id: string
  /** The moblog's owner is the post's author. */
  moblogId: string
  text: string
  contentWarning: string | null
  publishedAt: Date
  editedAt: Date | null
  version: number
  mediaIds: string[]
  likeCount: number
  likedByViewer: boolean
  commentCount: number
}

/**
 * The columns of a `PostRow`.
 *
 * @param viewer SQL for the viewer's id; it is null if the viewer is signed out, and null equals nothing
 */
// A scalar subquery is used because the planner may turn EXISTS into reading all likes of the viewer.
const columnsFor = (
  viewer: string,
) => `post.id, post.moblog_id AS "moblogId", post.text, post.content_warning AS "contentWarning",
  post.audience, post.audience_list_id AS "audienceListId", post.expires_at AS "expiresAt",
  post.published_at AS "publishedAt", post.edited_at AS "editedAt", post.version, post.comment_count AS "commentCount",
  to_json(post.media_ids) AS "mediaIds", post.like_count AS "likeCount",
  coalesce((
    SELECT removed_at IS NULL FROM post_like WHERE post_id = post.id AND user_id = ${viewer}
  ), false) AS "likedByViewer"`

/** The position of a post in its moblog. */
export type PostPosition = { publishedAt: string; id: string }

/**
 * The key of a page of posts: the moblog, the maximum count, the position after which the page starts, and whether posts that
 * expire are left out.
 */
export type PostPageKey = {
  moblogId: string
  relationship: ViewerRelationship
  count: number
  after: PostPosition | null
  isLasting?: boolean
}

/**
 * A position newer than all posts. The first page then needs no separate condition, which would keep the planner from
 * using the index.
 */
export const NEWEST = { publishedAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

type PagesQuestion = { viewerId: string | null; keys: readonly PostPageKey[]; now: Date }

const readPostPages = joinReads(async (pool, questions: readonly PagesQuestion[]) => {
  const asked = questions.flatMap(({ viewerId, keys, now }, question) =>
    keys.map(({ moblogId, relationship, count, after, isLasting = false }, page) => {
      const { publishedAt, id } = after ?? NEWEST
      const channels = askedChannels(moblogId, relationship)
      const position = { before: publishedAt, than: id }
      return { ...channels, ...position, question, page, count, lasting: isLasting, viewer: viewerId, now }
    }),
  )
  const { rows } = await pool.query<PostRow & { question: number; page: number }>({
    name: 'post-pages',
    text: `SELECT asked.question, asked.page, ${columnsFor('asked.viewer')}
      FROM jsonb_to_recordset($1) AS asked (
        ${CHANNEL_COLUMNS}, question int, page int, viewer uuid, now timestamptz, count int, before timestamptz, than uuid,
        lasting boolean
      )
      CROSS JOIN LATERAL (
        SELECT newest.* FROM (${newestInChannels('*', {
          where: `(published_at, id) < (asked.before, asked.than) AND ${isLive('asked.now')}
            AND (expires_at IS NULL OR NOT asked.lasting) AND ${notHidden('post.id', 'asked.viewer')}`,
          limit: 'asked.count',
        })}) AS newest
        ORDER BY newest.published_at DESC, newest.id DESC LIMIT asked.count
      ) AS post
      ORDER BY asked.question, asked.page, post.published_at DESC, post.id DESC`,
    values: [JSON.stringify(asked)],
  })
  const answers = questions.map(({ keys }) => keys.map((): PostRow[] => []))
  // The rows keep the two columns, because copying each row takes time.
  for (const row of rows) answers[row.question]?.[row.page]?.push(row)
  return answers
})

/**
 * Reads pages of posts that the viewer may see and has not hidden, newest first, in the order of the keys, with one
 * statement for all pages. It reads each channel separately from an index, and no further than the page reaches. Neither a
 * long moblog nor a long run of posts that the viewer may not see costs anything.
 */
export function findPostPages(
  pool: Pool,
  viewerId: string | null,
  keys: readonly PostPageKey[],
  now: Date,
): Promise<PostRow[][]> {
  const size = keys.reduce((sum, { count }) => sum + count, 0)
  return readPostPages(pool, { viewerId, keys, now }, size)
}

/** The published posts with these ids, in any order, without checking who may see them. */
export async function findPosts(
  pool: Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<PostRow[]> {
  const { rows } = await pool.query<PostRow>({
    name: 'posts-by-id',
    text: `SELECT ${columnsFor('$2::uuid')} FROM post WHERE id = ANY ($1::uuid[]) AND published_at IS NOT NULL`,
    values: [ids, viewerId],
  })
  return rows
}
