import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../platform/database/migrate.ts'
import { newId } from '../../platform/ids.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { MIGRATIONS } from './database.ts'

const MIGRATION = '20261122141217_first_signals'

it('the first_signals migration keeps existing likes and comments and records the first comment of each user', async () => {
  const earlier = await mkdtemp(path.join(os.tmpdir(), 'moblog-migrations-'))
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name) && name < MIGRATION)
  for (const name of names) {
    await cp(path.join(MIGRATIONS, name), path.join(earlier, name), { recursive: true })
  }
  const database = await createTestDatabase({ schemas: [{ schema: 'blog', directory: earlier }] })
  const sql = new pg.Client({ connectionString: database.url, options: '-c search_path=blog' })
  await sql.connect()
  const [owner, one, other, post] = [newId(), newId(), newId(), newId()]
  await sql.query('INSERT INTO moblog (id, hot) VALUES ($1, 1)', [owner])
  await sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, media_ids, published_at, created_at,
       like_count, comment_count, last_comment)
     VALUES ($1, $2, 'PUBLISHED', 'PUBLIC', 'x', '{}', now(), now(), 1, 3, 4)`,
    [post, owner],
  )
  await sql.query('INSERT INTO post_like (post_id, user_id) VALUES ($1, $2)', [post, one])
  for (const [number, author] of [
    [1, one],
    [3, one],
    [4, other],
  ] as const) {
    await sql.query(
      `INSERT INTO comment (id, post_id, number, author_id, text, created_at)
       VALUES ($1, $2, $3::int, $4, 'x', timestamptz '2026-01-01Z' + $3 * interval '1 day')`,
      [newId(), post, number, author],
    )
  }
  await sql.query('DELETE FROM rank_due')

  await migrate({ url: database.url, schema: 'blog', directory: MIGRATIONS })

  const commenters = await sql.query(
    `SELECT user_id, first_at, comment_count FROM post_commenter WHERE post_id = $1 ORDER BY first_at`,
    [post],
  )
  expect(commenters.rows).toEqual([
    { user_id: one, first_at: new Date('2026-01-02T00:00:00Z'), comment_count: 2 },
    { user_id: other, first_at: new Date('2026-01-05T00:00:00Z'), comment_count: 1 },
  ])
  const comments = await sql.query('SELECT number, text, deleted_at FROM comment ORDER BY number')
  expect(comments.rows).toEqual([1, 3, 4].map((number) => ({ number, text: 'x', deleted_at: null })))
  const likes = await sql.query('SELECT user_id, removed_at FROM post_like')
  expect(likes.rows).toEqual([{ user_id: one, removed_at: null }])
  expect((await sql.query('SELECT moblog_id FROM rank_due')).rows).toEqual([{ moblog_id: owner }])
  await sql.end()
  await database.drop()
  await rm(earlier, { recursive: true })
})
