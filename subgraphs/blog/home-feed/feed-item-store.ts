import { notHidden } from '../access/not-hidden.ts'
import type { PostAudience } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { positionOf } from '../posts/post-position.ts'
import { NEWEST, type PostPosition } from '../posts/post-store.ts'
import type { ListRange } from '../posts/read-until-full.ts'
import { MAX_ITEMS } from './fan-out-store.ts'

/** A post in a home feed. The viewer may no longer see it. */
export type FeedItem = { id: string; authorId: string; publishedAt: Date }

/** A post of a friend that the viewer has not seen, with what decides whether the viewer may see it. */
export type UnseenItem = FeedItem & PostAudience

/** The items that were read, and the state of the feed. */
export type FeedPart<Item> = { isBuilt: boolean; readAt: Date | null; items: Item[] }

// The row of the feed comes with its items, so that its state costs no statement.
const withState = (items: string) => `
  SELECT feed.built_at IS NOT NULL AS "isBuilt", feed.read_at AS "readAt", item.*
  FROM (SELECT $1::uuid AS viewer_id) AS viewer
  LEFT JOIN home_feed AS feed USING (viewer_id)
  LEFT JOIN LATERAL (${items}) AS item ON true
  ORDER BY item."publishedAt" DESC, item.id DESC`

// The viewer's own posts come from their moblog, so that a post is in its author's feed at once.
const ITEMS = withState(`
  SELECT id, "authorId", "publishedAt" FROM (
    (
      SELECT post_id AS id, author_id AS "authorId", published_at AS "publishedAt" FROM home_feed_item
      WHERE viewer_id = $1 AND (published_at, post_id) < ($2, $3) AND ${notHidden('home_feed_item.post_id', '$1')}
      ORDER BY published_at DESC, post_id DESC LIMIT $4
    ) UNION ALL (
      SELECT own.id, $1, own.published_at FROM unnest(enum_range(NULL::audience)) AS own_audience (audience)
      CROSS JOIN LATERAL (
        SELECT id, published_at FROM post
        WHERE moblog_id = $1 AND audience = own_audience.audience AND (published_at, id) < ($2, $3)
        ORDER BY published_at DESC, id DESC LIMIT $4
      ) AS own
    )
  ) AS found
  ORDER BY "publishedAt" DESC, id DESC LIMIT $4`)

const unseenItems = (comparison: '<' | '<=') =>
  withState(`
  SELECT post.id, listed.author_id AS "authorId", listed.published_at AS "publishedAt", post.audience,
    post.audience_list_id AS "audienceListId", post.expires_at AS "expiresAt"
  FROM home_feed_item AS listed
  LEFT JOIN seen_mark AS mark ON mark.viewer_id = $1 AND mark.moblog_id = listed.author_id
  JOIN post ON post.id = listed.post_id AND post.published_at IS NOT NULL
  WHERE listed.viewer_id = $1 AND (listed.published_at, listed.post_id) ${comparison} ($2, $3)
    AND ${notHidden('listed.post_id', '$1')}
    AND (mark.viewer_id IS NULL OR (listed.published_at, listed.post_id) > (mark.published_at, mark.post_id))
  ORDER BY listed.published_at DESC, listed.post_id DESC LIMIT $4`)

const UNSEEN = unseenItems('<')
const UNSEEN_UP_TO = unseenItems('<=')

/** Reads a viewer's home feed, newest first: the items of friends, and the viewer's own posts. */
export function readItems(
  pool: Pool,
  viewerId: string,
  range: ListRange<PostPosition>,
): Promise<FeedPart<FeedItem>> {
  return readPart(pool, 'home-feed', ITEMS, viewerId, range)
}

/** Reads the items of friends above the viewer's seen marks, newest first. */
export function readUnseen(
  pool: Pool,
  viewerId: string,
  range: ListRange<PostPosition>,
): Promise<FeedPart<UnseenItem>> {
  return readPart(pool, 'home-feed-unseen', UNSEEN, viewerId, range)
}

/** Reads all items of friends above the viewer's seen marks, up to a post and including it, newest first. */
export function readUnseenUpTo(
  pool: Pool,
  viewerId: string,
  upTo: { id: string; publishedAt: Date },
): Promise<FeedPart<UnseenItem>> {
  const range = { after: positionOf(upTo), limit: MAX_ITEMS }
  return readPart(pool, 'home-feed-unseen-up-to', UNSEEN_UP_TO, viewerId, range)
}

async function readPart<Item extends FeedItem>(
  pool: Pool,
  name: string,
  text: string,
  viewerId: string,
  { after, limit }: ListRange<PostPosition>,
): Promise<FeedPart<Item>> {
  const { publishedAt, id } = after ?? NEWEST
  const { rows } = await pool.query<Omit<FeedPart<Item>, 'items'> & (Item | { id: null })>({
    name,
    text,
    values: [viewerId, publishedAt, id, limit],
  })
  const [first] = rows
  return {
    isBuilt: first?.isBuilt ?? false,
    readAt: first?.readAt ?? null,
    items: rows.filter((row): row is Omit<FeedPart<Item>, 'items'> & Item => row.id !== null),
  }
}
