import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let film: Buffer
const alice = newId()
let now = new Date()

beforeAll(async () => {
  clips = await openClips()
  film = await clips.bytes('film.mp4')
})

beforeEach(async () => {
  now = new Date()
  storage = await startTestStorage(
    { STORAGE_SWEEP_INTERVAL_SECONDS: '0.1', STORAGE_UPLOAD_LIFETIME_SECONDS: '60' },
    () => now,
  )
})

afterEach(() => storage.stop())
afterAll(() => clips.remove())

async function sql(text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: storage.databaseUrl })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

const state = async (uploadId: string) => (await storage.session(alice, uploadId)).state
const fileOf = (uploadId: string) => path.join(storage.folder, 'uploads', uploadId)

describe('after the service was killed', () => {
  it('an upload whose last byte was not recorded is completed', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await storage.restart(async () => {
      await writeFile(fileOf(upload.uploadId), film)
      await sql(`UPDATE storage.uploads SET state = 'UPLOADING' WHERE id = $1`, [upload.uploadId])
    })
    await eventually(async () => (await state(upload.uploadId)) === 'COMPLETED', 60_000)
  })

  it('an interrupted verification is repeated and the media is registered once', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    const mediaId = newId()
    await storage.restart(async () => {
      await writeFile(fileOf(upload.uploadId), film)
      await sql(
        `UPDATE storage.uploads SET state = 'VERIFYING', media_id = $2, received_bytes = byte_size WHERE id = $1`,
        [upload.uploadId, mediaId],
      )
      // Interrupted between storing the object and the transaction: the object already exists.
      const folder = path.join(storage.folder, 'objects', mediaId.slice(-4, -2), mediaId.slice(-2), mediaId)
      await mkdir(folder, { recursive: true })
      await writeFile(path.join(folder, 'original'), 'half of')
    })
    await eventually(async () => (await state(upload.uploadId)) === 'COMPLETED', 60_000)
    const token = await storage.mediaToken({ sub: alice, media: mediaId, owner: alice })
    const response = await fetch(`${storage.address()}/v/${token}/${mediaId}/original`)
    expect(Buffer.from(await response.arrayBuffer()).equals(film)).toBe(true)
    await eventually(async () => storage.registered.length === 1, 60_000)
    expect(await readdir(path.join(storage.folder, 'uploads'))).toEqual([])
  })

  it('an upload in verification whose bytes are lost is rejected', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await storage.restart(async () => {
      await sql(`UPDATE storage.uploads SET state = 'VERIFYING', media_id = $2 WHERE id = $1`, [
        upload.uploadId,
        newId(),
      ])
    })
    await eventually(async () => (await state(upload.uploadId)) === 'REJECTED', 60_000)
  })

  it('an unfinished upload keeps all bytes that arrived', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await patch(upload, 0, film.subarray(0, 1000))
    await storage.restart()
    const resumed = { ...upload, url: `${storage.address()}/uploads/${upload.uploadId}` }
    expect((await tus('HEAD', resumed)).headers.get('upload-offset')).toBe('1000')
    await patch(resumed, 1000, film.subarray(1000))
    await eventually(async () => (await state(upload.uploadId)) === 'COMPLETED', 60_000)
  })
})

describe('the sweep', () => {
  it('gives up expired uploads and releases their bytes and reservations', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await patch(upload, 0, film.subarray(0, 1000))
    now = new Date(now.getTime() + 61_000)
    expect((await tus('HEAD', upload)).status).toBe(410)
    await eventually(async () => (await state(upload.uploadId)) === 'EXPIRED', 60_000)
    await eventually(async () => (await storage.uploadFiles()).length === 0, 60_000)
    const [sum] = await sql(
      `SELECT count(*)::int AS open FROM storage.uploads WHERE state IN ('REQUESTED', 'UPLOADING', 'VERIFYING')`,
    )
    expect(sum.open).toBe(0)
  })

  it('keeps an upload open that has received bytes recently', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    now = new Date(now.getTime() + 50_000)
    await patch(upload, 0, film.subarray(0, 1000))
    now = new Date(now.getTime() + 50_000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await state(upload.uploadId)).toBe('UPLOADING')
  })

  it('moves old files of unknown uploads to quarantine', async () => {
    const [young, old] = [newId(), newId()]
    await writeFile(fileOf(young), 'x')
    await writeFile(fileOf(old), 'x')
    await utimes(fileOf(old), new Date(0), new Date(0))
    await eventually(async () => !(await storage.uploadFiles()).includes(old), 60_000)
    expect(await storage.uploadFiles()).toEqual(['.quarantine', young])
  })

  it('moves an old mark without its file to quarantine', async () => {
    const mark = `${newId()}.unchecked`
    await writeFile(fileOf(mark), '0\n')
    await utimes(fileOf(mark), new Date(0), new Date(0))
    await eventually(async () => !(await storage.uploadFiles()).includes(mark), 60_000)
    expect(await storage.uploadFiles()).toEqual(['.quarantine'])
  })
})
