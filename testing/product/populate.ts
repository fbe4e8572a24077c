import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Person } from '../../scripts/client/people.ts'
import { MAX_COMMENT } from '../../subgraphs/blog/comments/comment-input.ts'
import { MAX_POST_MEDIA, MAX_POST_TEXT } from '../../subgraphs/blog/posts/publish-input.ts'
import type { Product } from './product.ts'

/** The amount of data to create. */
export type Population = { users: number; posts: number; comments: number }

// Three bytes in UTF-8, the most that one unit of a JavaScript string takes.
const LETTER = '語'
const ABOUT = 500

/**
 * Fills a product's database with data that makes responses as large as possible. All users are friends of the owner
 * and have a picture, and all texts have the maximum length. Every post is the owner's or has the maximum number of
 * media.
 */
export async function populate(product: Product, owner: Person, size: Population): Promise<void> {
  const sql = new pg.Client({ connectionString: product.databaseUrl ?? '' })
  await sql.connect()
  try {
    const others = Array.from({ length: size.users - 1 }, () => randomUUID())
    const everyone = [owner.id, ...others]
    await sql.query('SET search_path TO communication, public')
    await writeUsers(sql, owner, others)
    const media = await writeMedia(sql, everyone)
    await sql.query('SET search_path TO storage, public')
    await writeStoredMedia(sql, everyone, media)
    await sql.query('SET search_path TO blog, public')
    await writePosts(sql, everyone, media, size)
  } finally {
    await sql.end()
  }
}

async function writeUsers(sql: pg.Client, owner: Person, others: string[]): Promise<void> {
  await sql.query(
    `INSERT INTO users (id, handle, handle_key, display_name, about, created_at, search_name)
     SELECT id, 'u' || n, 'u' || n, repeat($2, 50), repeat($2, $3), now(), 'name'
     FROM unnest($1::uuid[]) WITH ORDINALITY AS other (id, n)`,
    [others, LETTER, ABOUT],
  )
  await sql.query('INSERT INTO search_keys (user_id, key) SELECT unnest($1::uuid[]), $2', [others, 'name'])
  await sql.query(
    `INSERT INTO relationships (user_id, other_id, kind, since)
     SELECT $1, other, 'FRIEND'::relationship_kind, now() FROM unnest($2::uuid[]) AS other
     UNION ALL SELECT other, $1, 'FRIEND'::relationship_kind, now() FROM unnest($2::uuid[]) AS other`,
    [owner.id, others],
  )
  await sql.query('UPDATE users SET about = repeat($2, $3) WHERE id = $1', [owner.id, LETTER, ABOUT])
}

/** Creates as many media files per user as a post can have. The first one is the user's picture. */
async function writeMedia(sql: pg.Client, everyone: string[]): Promise<string[][]> {
  const media = everyone.map(() => Array.from({ length: MAX_POST_MEDIA }, () => randomUUID()))
  for (const [index, ownerId] of everyone.entries()) {
    await sql.query(
      `INSERT INTO media (id, owner_id, upload_id, mime_type, duration_seconds, has_progressive, has_stream,
         has_poster, registered_at)
       SELECT id, $2, gen_random_uuid(), 'video/mp4', 60, true, true, true, now()
       FROM unnest($1::uuid[]) AS id`,
      [media[index], ownerId],
    )
    // As a post with the user's id, profiles show pictures to everyone; here it shows all media.
    await sql.query(`INSERT INTO posts (id, owner_id, audience, revision) VALUES ($1, $1, 'PUBLIC', 1)`, [
      ownerId,
    ])
    await sql.query('INSERT INTO post_media (post_id, media_id) SELECT $1, unnest($2::uuid[])', [
      ownerId,
      media[index],
    ])
    await sql.query('UPDATE users SET avatar_id = $2 WHERE id = $1', [ownerId, media[index]?.[0]])
  }
  return media
}

async function writeStoredMedia(sql: pg.Client, everyone: string[], media: string[][]): Promise<void> {
  const ids = media.flat()
  await sql.query(
    `INSERT INTO media (id, owner_id, upload_id, kind, state, title, mime_type, byte_size, sha256,
       duration_seconds, width, height, is_progressive, created_at)
     SELECT id, owner, gen_random_uuid(), 'VIDEO', 'READY', repeat($3, 100), 'video/mp4', 1000000,
       repeat('0', 64), 60, 1920, 1080, true, now()
     FROM unnest($1::uuid[], $2::uuid[]) AS media_item (id, owner)`,
    [ids, everyone.flatMap((ownerId, index) => media[index]?.map(() => ownerId) ?? []), LETTER],
  )
  await sql.query(
    `INSERT INTO renditions (media_id, role, object_name, mime_type, byte_size, width, height)
     SELECT id, role, 'file', 'video/mp4', 1000, 640, 360
     FROM unnest($1::uuid[]) AS id CROSS JOIN unnest(enum_range(NULL::rendition_role)) AS role`,
    [ids],
  )
}

async function writePosts(
  sql: pg.Client,
  everyone: string[],
  media: string[][],
  { posts, comments }: Population,
): Promise<void> {
  await sql.query(
    `INSERT INTO moblog (id, title, about, hot, newest_public_at)
     SELECT id, repeat($2, 100), repeat($2, 1000), random(), now() FROM unnest($1::uuid[]) AS id
     ON CONFLICT (id) DO UPDATE SET hot = 1, newest_public_at = now()`,
    [everyone, LETTER],
  )
  // Every second post is the owner's, so that the owner's pages are full. The others are spread over all users.
  const authors = Array.from({ length: posts }, (_, n) => (n % 2 === 0 ? 0 : n % everyone.length))
  const ids = authors.map(() => randomUUID())
  await sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at,
       comment_count, last_comment)
     SELECT post.id, author, 'PUBLISHED', 'PUBLIC', repeat($4, $5), '{text}', media::uuid[], now(), now(), $6, $6
     FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS post (id, author, media)`,
    [
      ids,
      authors.map((author) => everyone[author]),
      authors.map((author) => `{${media[author]?.join()}}`),
      LETTER,
      MAX_POST_TEXT,
      Math.ceil(comments / posts),
    ],
  )
  // Different users comment on each post, and the first post has as many comments as a page holds.
  const perPost = ids.map((_, n) => (n === 0 ? Math.min(100, comments) : Math.ceil(comments / posts)))
  const said = ids.flatMap((id, n) =>
    Array.from({ length: perPost[n] ?? 0 }, (_, k) => ({ id, by: everyone[(n + k) % everyone.length], k })),
  )
  const columns = [said.map(({ id }) => id), said.map(({ by }) => by), said.map(({ k }) => k + 1)]
  await sql.query(
    `INSERT INTO post_commenter (post_id, user_id, first_at, comment_count)
     SELECT post_id, user_id, now(), count(*) FROM unnest($1::uuid[], $2::uuid[]) AS said (post_id, user_id)
     GROUP BY post_id, user_id`,
    columns.slice(0, 2),
  )
  await sql.query(
    `INSERT INTO comment (id, post_id, number, author_id, text, created_at)
     SELECT gen_random_uuid(), post_id, number, author_id, repeat($4, $5), now()
     FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS said (post_id, author_id, number)`,
    [...columns, LETTER, MAX_COMMENT],
  )
}
