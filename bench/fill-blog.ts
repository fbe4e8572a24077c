import type pg from 'pg'

const MOBLOGS = 10_000

/** Adds posts until there are `posts`, evenly distributed over the moblogs. The oldest posts begin with the same word. */
export async function fillBlog(sql: pg.Client, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO moblog (id) SELECT gen_random_uuid() FROM generate_series(1, $1 - (SELECT count(*) FROM moblog))`,
    [Math.min(MOBLOGS, count)],
  )
  // The moblog of a user without an account is visible to nobody.
  await sql.query(
    `INSERT INTO communication.users (id, handle, handle_key, display_name, search_name, created_at)
     SELECT id, name, name, name, name, now() FROM moblog
     CROSS JOIN LATERAL (SELECT 'u' || left(replace(id::text, '-', ''), 20) AS name) AS named ON CONFLICT DO NOTHING`,
  )
  // The benchmark measures reading, so the indexes and ranks are built once at the end.
  await sql.query('DROP INDEX post_search_idx')
  await sql.query('ALTER TABLE post DISABLE TRIGGER USER')
  await sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), owners.ids[1 + n % cardinality(owners.ids)], 'PUBLISHED',
       (ARRAY['PUBLIC', 'FRIENDS', 'ONLY_ME'])[1 + n % 3]::audience, 'A post like others, number ' || n,
       ARRAY['w' || n % 5000, 'v' || n % 977, CASE WHEN n < $1 * 0.9 THEN 'old' ELSE 'new' END || n % 30000],
       '{}', instant, instant
     FROM (SELECT array_agg(id) AS ids FROM moblog) AS owners
     CROSS JOIN generate_series(1, $1 - (SELECT count(*) FROM post)) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2025-01-01' + n * interval '20 s') AS at (instant)`,
    [count],
  )
  await sql.query('ALTER TABLE post ENABLE TRIGGER USER')
  await sql.query('CREATE INDEX post_search_idx ON post USING gin (array_to_tsvector(words))')
  await sql.query(
    `UPDATE moblog SET hot = random(), newest_public_at = timestamptz '2026-01-01' + random() * interval '1 day'`,
  )
  await sql.query('VACUUM ANALYZE')
}
