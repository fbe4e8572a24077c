import { askedChannels, CHANNEL_COLUMNS, newestInChannels } from '../access/channels.ts'
import type { Friend } from '../access/communication.ts'
import { notHidden } from '../access/not-hidden.ts'
import { SELF } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { NEWEST, type PostPosition } from '../posts/post-store.ts'

/** A post with a hashtag. It says where to look and gives no access. */
export type TaggedPost = { id: string; authorId: string; publishedAt: Date }

/** Whose posts a viewer looks for. */
export type HashtagReader = {
  /** Null when signed out. */
  viewerId: string | null
  friends: readonly Friend[]
  /** The authors whose posts are left out. */
  leftOutIds: readonly string[]
}

const NARROWER = ['FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST'] as const

const TAGGED = `(
    SELECT post_id AS id, moblog_id, audience, audience_list_id, published_at FROM post_hashtag WHERE tag = $1
  ) AS post`

const BELOW = `(published_at, id) < ($2::timestamptz, $3::uuid) AND ${notHidden('post.id', '$5')}`

const FIND = `
  SELECT id, moblog_id AS "authorId", published_at AS "publishedAt" FROM (
    (
      SELECT id, moblog_id, published_at FROM ${TAGGED}
      WHERE audience = 'PUBLIC' AND ${BELOW} AND moblog_id <> ALL ($6::uuid[])
      ORDER BY published_at DESC, id DESC LIMIT $4
    ) UNION ALL (
      SELECT newest.* FROM jsonb_to_recordset($7) AS asked (${CHANNEL_COLUMNS})
      CROSS JOIN LATERAL (${newestInChannels('id, moblog_id, published_at', {
        from: TAGGED,
        where: BELOW,
        limit: '$4',
      })}) AS newest
      ORDER BY newest.published_at DESC, newest.id DESC LIMIT $4
    )
  ) AS found
  ORDER BY published_at DESC, id DESC LIMIT $4`

/**
 * Finds posts with a hashtag that a reader may see, newest first, below a position. It reads public posts and each channel
 * of each friend from an index, and no further than `limit`. So neither the age of the hashtag nor posts that the reader may
 * not see cost anything.
 */
export async function findTaggedPosts(
  pool: Pool,
  key: string,
  { viewerId, friends, leftOutIds }: HashtagReader,
  { after, limit }: { after: PostPosition | null; limit: number },
): Promise<TaggedPost[]> {
  const { publishedAt, id } = after ?? NEWEST
  const asked = [...channelsOf(viewerId), ...friends.map(narrowerChannels)]
  const { rows } = await pool.query<TaggedPost>({
    name: 'hashtag-posts',
    text: FIND,
    values: [key, publishedAt, id, limit, viewerId, leftOutIds, JSON.stringify(asked)],
  })
  return rows
}

/** The viewer's own posts, with any audience. */
function channelsOf(viewerId: string | null) {
  return viewerId === null
    ? []
    : [{ ...askedChannels(viewerId, SELF), audiences: NARROWER, all_lists: false }]
}

/** A friend's posts that are not public. */
function narrowerChannels({ id, relationship }: Friend) {
  const channels = askedChannels(id, relationship)
  return { ...channels, audiences: channels.audiences.filter((audience) => audience !== 'PUBLIC') }
}
