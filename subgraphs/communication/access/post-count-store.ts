import type pg from 'pg'

// Of the posts that show the media, those that have not expired. The register holds the profile, which shows the avatar, as a
// post with the user's id; it does not count.
const SELECT_COUNTS = `
  SELECT media.id, count(posts.id)::int AS "postCount"
  FROM media LEFT JOIN post_media ON post_media.media_id = media.id
  LEFT JOIN posts ON posts.id = post_media.post_id AND posts.id <> $1::uuid
    AND (posts.expires_at IS NULL OR posts.expires_at > $3::timestamptz)
  WHERE media.id = ANY($2::uuid[]) AND media.owner_id = $1::uuid AND media.gone_at IS NULL
  GROUP BY media.id`

/** How many posts show a media file. */
export type PostCount = { id: string; postCount: number }

/** Counts the posts that show each of some media, in any order. Media that the user does not own are left out. */
export async function countPostsOfMedia(
  pool: pg.Pool,
  ownerId: string,
  ids: readonly string[],
  now: Date,
): Promise<PostCount[]> {
  const values = [ownerId, ids, now]
  const { rows } = await pool.query<PostCount>({ name: 'media-post-counts', text: SELECT_COUNTS, values })
  return rows
}
