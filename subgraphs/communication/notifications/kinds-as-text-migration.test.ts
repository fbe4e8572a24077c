import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../../platform/database/migrate.ts'
import { newId } from '../../../platform/ids.ts'
import { createTestDatabase } from '../../../testing/database.ts'
import { MIGRATIONS } from '../database.ts'
import { countUnread, findInbox } from './inbox-store.ts'

const MIGRATION = '20261126110000_notification_kinds_as_text'

it('the migration of notification kinds to text keeps stored notifications of every kind readable', async () => {
  const earlier = await mkdtemp(path.join(os.tmpdir(), 'moblog-migrations-'))
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name) && name < MIGRATION)
  for (const name of names)
    await cp(path.join(MIGRATIONS, name), path.join(earlier, name), { recursive: true })
  const database = await createTestDatabase({ schemas: [{ schema: 'communication', directory: earlier }] })
  const pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=communication' })
  const [reader, friend] = [newId(), newId()]
  for (const [id, handle] of [
    [reader, 'reader'],
    [friend, 'friend'],
  ])
    await pool.query(
      'INSERT INTO users (id, handle, handle_key, display_name, created_at) VALUES ($1, $2, $2, $2, now())',
      [id, handle],
    )
  await pool.query(
    "INSERT INTO relationships (user_id, other_id, kind, since) VALUES ($1, $2, 'FRIEND', now())",
    [reader, friend],
  )
  await pool.query('INSERT INTO inboxes (user_id, last_position) VALUES ($1, 8)', [reader])
  const { rows: stored } = await pool.query<{ id: string; kind: string }>(
    `INSERT INTO notifications (id, user_id, position, kind, subject, actor_id, created_at)
     SELECT gen_random_uuid(), $1, number, kind, kind::text, $2, now()
     FROM unnest(enum_range(NULL::notification_kind)) WITH ORDINALITY AS known(kind, number)
     RETURNING id, kind::text`,
    [reader, friend],
  )

  await migrate({ url: database.url, schema: 'communication', directory: MIGRATIONS })

  const inbox = await findInbox(pool, reader, null, 100)
  expect(stored).toHaveLength(8)
  expect(inbox.map(({ id, kind }) => ({ id, kind }))).toEqual(stored.reverse())
  expect(await countUnread(pool, reader)).toBe(8)
  await pool.end()
  await database.drop()
  await rm(earlier, { recursive: true })
})
