import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { migrate } from './migrate.ts'

let directory: string
let database: Awaited<ReturnType<typeof createTestDatabase>>

async function writeMigration(name: string, sql: string) {
  await mkdir(path.join(directory, name), { recursive: true })
  await writeFile(path.join(directory, name, 'migration.sql'), sql)
}

async function query(sql: string) {
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const apply = () => migrate({ url: database.url, schema: 'shop', directory })

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'moblog-migrate-'))
  database = await createTestDatabase({ schemas: [] })
  await writeMigration('20260101000000_init', 'CREATE TABLE item (id int PRIMARY KEY, title text);')
})

afterEach(async () => {
  await database.drop()
  await rm(directory, { recursive: true })
})

test('four processes that start at once apply each migration exactly once', async () => {
  await writeMigration('20260102000000_seed', 'SELECT pg_sleep(0.1); INSERT INTO item VALUES (1);')
  const applied = await Promise.all([apply(), apply(), apply(), apply()])
  expect(applied.flat()).toEqual(['20260101000000_init', '20260102000000_seed'])
  expect(await query('SELECT id FROM shop.item')).toEqual([{ id: 1 }])
})

test('a later start applies only the new migrations, in the order of their names', async () => {
  await apply()
  await writeMigration('20260103000000_second', 'INSERT INTO item VALUES (2, (SELECT count(*) FROM item))')
  await writeMigration('20260102000000_first', 'INSERT INTO item VALUES (1)')
  expect(await apply()).toEqual(['20260102000000_first', '20260103000000_second'])
  expect(await query('SELECT id, title FROM shop.item ORDER BY id')).toEqual([
    { id: 1, title: null },
    { id: 2, title: '1' },
  ])
})

test('an edited migration is refused', async () => {
  await apply()
  await writeMigration('20260101000000_init', 'CREATE TABLE item (id bigint PRIMARY KEY, title text);')
  await expect(apply()).rejects.toThrow('20260101000000_init was edited')
})

test('a failed migration changes nothing, and is applied after it is corrected', async () => {
  await writeMigration('20260102000000_more', 'CREATE TABLE more (id int); SELECT * FROM nowhere;')
  await expect(apply()).rejects.toThrow('20260102000000_more')
  await writeMigration('20260102000000_more', 'CREATE TABLE more (id int);')
  expect(await apply()).toEqual(['20260102000000_more'])
})

test('a service schema can use an extension in public, and trigrams work for Chinese', async () => {
  await writeMigration(
    '20260102000000_search',
    `CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
     CREATE INDEX ON item USING gin (title gin_trgm_ops);
     INSERT INTO item VALUES (1, '移动博客分享视频'), (2, '天气很好');`,
  )
  await apply()
  const found = await query(
    `SELECT id, public.similarity(title, '移动博客') > 0.3 AS similar FROM shop.item WHERE title LIKE '%博客分享%'`,
  )
  expect(found).toEqual([{ id: 1, similar: true }])
  const [trigrams] = await query(`SELECT cardinality(public.show_trgm('移动博客')) AS count`)
  expect(trigrams.count).toBeGreaterThan(3)
})
