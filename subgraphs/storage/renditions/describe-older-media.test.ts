import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import sharp from 'sharp'
import { PrismaClient } from '../../../generated/prisma/storage/client.ts'
import { migrate } from '../../../platform/database/migrate.ts'
import { openPrismaAdapter } from '../../../platform/database/pool.ts'
import { newId } from '../../../platform/ids.ts'
import { createTestDatabase } from '../../../testing/database.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'
import { MIGRATIONS, SCHEMA } from '../database.ts'
import { endUndescribed, takeUndescribed } from './undescribed-store.ts'

const MIGRATION = '20261126200000_undescribed_media'

type Clips = Awaited<ReturnType<typeof openClips>>

let storage: TestStorage
let clips: Clips
let sql: pg.Pool

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
  sql = new pg.Pool({ connectionString: storage.databaseUrl, options: '-c search_path=storage' })
})
afterAll(async () => {
  await sql.end()
  await storage.stop()
  await clips.remove()
})

async function ready(ownerId: string, bytes: Buffer, mimeType: string): Promise<string> {
  const { mediaId } = await upload(storage, ownerId, bytes, mimeType)
  await settled(storage, ownerId, mediaId)
  return mediaId
}

const LOOK = 'query ($id: ID!) { media(id: $id) { placeholder dominantColor waveform } }'
const lookOf = async (ownerId: string, id: string) => (await storage.ask(LOOK, { id }, ownerId)).media
const renditions = async () =>
  (await sql.query('SELECT * FROM renditions ORDER BY media_id, role')).rows as unknown[]

/** Makes all media look as if they were stored by a version without placeholders and waveforms. */
const forget = (attempts = 0) =>
  sql.query(
    `UPDATE media SET placeholder = NULL, dominant_color = NULL, waveform = NULL, describe_attempts = $1`,
    [attempts],
  )
const described = () =>
  eventually(
    async () => (await sql.query('SELECT FROM media WHERE describe_attempts IS NOT NULL')).rowCount === 0,
    Boolean,
    60_000,
  )
const waiting = async () =>
  (await sql.query(`SELECT FROM storage_jobs.message WHERE topic = 'describe-older-media'`)).rowCount

/** A picture that is different for each number. */
const dot = (number: number) =>
  sharp({ create: { width: 40 + number, height: 40, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()

async function objectOf(mediaId: string, name: string): Promise<string> {
  const files = await readdir(storage.folder, { recursive: true })
  return path.join(storage.folder, files.find((file) => file.endsWith(`${mediaId}/${name}`)) ?? '')
}

describe('media from before placeholders existed', () => {
  it('gets placeholder, colour and waveform after a start, and nothing else changes', async () => {
    const [one, other] = [newId(), newId()]
    const photo = await ready(one, await clips.bytes('photo.jpg'), 'image/jpeg')
    const film = await ready(other, await clips.bytes('film.mp4'), 'video/mp4')
    const sound = await ready(one, await clips.bytes('sound.m4a'), 'audio/mp4')
    const all = [
      [one, photo],
      [other, film],
      [one, sound],
    ] as const
    const looks = () => Promise.all(all.map(([ownerId, id]) => lookOf(ownerId, id)))
    const before = await looks()
    const variants = await renditions()
    await storage.restart(async () => void (await forget()))
    await described()
    const after = await looks()
    expect(after.slice(1)).toEqual(before.slice(1))
    // The poster of an image is smaller than the picture from which the first placeholder was computed.
    expect(after[0]).toMatchObject({ placeholder: expect.any(String), waveform: null })
    expect(after[0].dominantColor).toMatch(/^#[0-9a-f]{6}$/)
    expect(await renditions()).toEqual(variants)
    await eventually(waiting, (count) => count === 0, 10_000)

    // What is described is left alone, and a start without older media queues nothing.
    await storage.restart()
    expect(await waiting()).toBe(0)
    expect(await looks()).toEqual(after)
  }, 180_000)

  it('is left without them if its poster cannot be decoded or is missing, and the rest goes on', async () => {
    const owner = newId()
    const [broken, fine] = [
      await ready(owner, await clips.bytes('photo.jpg'), 'image/jpeg'),
      await ready(owner, await clips.bytes('film.mp4'), 'video/mp4'),
    ]
    const missing = await ready(owner, await clips.bytes('sound.ogg'), 'audio/ogg')
    await storage.restart(async () => {
      await forget(5)
      await writeFile(await objectOf(broken, 'poster'), 'no picture')
      await sql.query(`UPDATE renditions SET object_name = 'gone' WHERE media_id = $1 AND role = 'POSTER'`, [
        missing,
      ])
    })
    await described()
    const nothing = { placeholder: null, dominantColor: null, waveform: null }
    expect(await lookOf(owner, broken)).toEqual(nothing)
    expect(await lookOf(owner, missing)).toEqual(nothing)
    expect(await lookOf(owner, fine)).toMatchObject({ placeholder: expect.any(String) })
  }, 180_000)

  it('is described in turns of the owners, each beginning with the oldest', async () => {
    const owners = [newId(), newId()].sort()
    const [first = '', second = ''] = owners
    const ids: string[] = []
    for (const owner of [first, first, first, second])
      ids.push(await ready(owner, await dot(ids.length), 'image/png'))
    const [a, b, c, d] = ids
    const { adapter, pool } = openPrismaAdapter({
      url: storage.databaseUrl,
      schema: SCHEMA,
      applicationName: 'test',
      log: storage.host.log,
    })
    const db = new PrismaClient({ adapter })
    try {
      await sql.query('UPDATE media SET describe_attempts = 0 WHERE owner_id = ANY ($1::uuid[])', [owners])
      const taken: string[] = []
      let ownerId = first
      for (;;) {
        const next = await takeUndescribed(db, ownerId)
        if (!next) break
        taken.push(next.id)
        expect(next.attempts).toBe(1)
        ownerId = next.ownerId
        await endUndescribed(db, next.id)
      }
      expect(taken).toEqual([d, a, b, c])
    } finally {
      await db.$disconnect()
      await pool.end()
    }
  }, 60_000)
})

it('the undescribed_media migration marks rows that exist, and no later ones', async () => {
  const earlier = await mkdtemp(path.join(os.tmpdir(), 'moblog-migrations-'))
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name) && name < MIGRATION)
  for (const name of names)
    await cp(path.join(MIGRATIONS, name), path.join(earlier, name), { recursive: true })
  const database = await createTestDatabase({ schemas: [{ schema: SCHEMA, directory: earlier }] })
  const client = new pg.Client({ connectionString: database.url, options: '-c search_path=storage' })
  await client.connect()
  const insert = () =>
    client.query(
      `INSERT INTO media (id, owner_id, upload_id, kind, state, title, mime_type, byte_size, sha256, is_progressive, created_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'IMAGE', 'READY', '', 'image/png', 1, '', true, now())`,
    )
  await insert()
  await migrate({ url: database.url, schema: SCHEMA, directory: MIGRATIONS })
  await insert()
  const { rows } = await client.query('SELECT describe_attempts AS attempts FROM media ORDER BY created_at')
  expect(rows.map(({ attempts }) => attempts)).toEqual([0, null])
  await client.end()
  await database.drop()
  await rm(earlier, { recursive: true })
})
