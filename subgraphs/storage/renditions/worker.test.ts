import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips, toolForTests } from '../../../testing/storage/clips.ts'
import { decoded, get, mediaOf, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'
import { startTestWorker, type TestWorker } from '../../../testing/storage/worker.ts'

const run = promisify(execFile)
// Long enough that no rendition is finished before the test stops it.
const SECONDS = 40

let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
let worker: TestWorker | undefined
const owner = newId()

beforeAll(async () => {
  // The service under test makes no renditions; the workers make all of them.
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage()])
})

afterEach(() => stopped('SIGKILL'))

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

async function startWorker(env: Record<string, string> = {}): Promise<TestWorker> {
  worker = await startTestWorker(storage, env)
  return worker
}

async function stopped(signal: NodeJS.Signals): Promise<number | null> {
  const running = worker
  worker = undefined
  return running ? running.end(signal) : null
}

async function query(text: string, values: unknown[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: storage.databaseUrl })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** Counts the processes whose working folder is below a folder; null if the system does not provide this. */
async function processesIn(folder: string): Promise<number | null> {
  const ids = await readdir('/proc').catch(() => null)
  if (!ids) return null
  const folders = await Promise.all(
    ids.filter((id) => /^\d+$/.test(id)).map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')),
  )
  return folders.filter((cwd) => cwd.startsWith(folder)).length
}

async function film(): Promise<Buffer> {
  const file = path.join(clips.folder, 'film.webm')
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=640x360:rate=30:duration=${SECONDS}`]
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M']
  await run(await toolForTests('ffmpeg'), ['-v', 'error', '-y', ...picture, ...vp8, file])
  return readFile(file)
}

describe('a worker in a separate process', () => {
  it('finishes the jobs of killed workers and leaves no processes', async () => {
    const { mediaId } = await upload(storage, owner, await film(), 'video/webm')
    const ids = { ownerId: owner, viewerId: owner, mediaId }
    expect((await mediaOf(storage, owner, mediaId)).state).toBe('PROCESSING')
    const rendering = path.join(storage.folder, 'rendering')
    const files = async () => {
      const { bytes } = await get(storage, ids, 'stream/640.m3u8')
      return bytes.toString().match(/640-\w+-(init\.mp4|\d+\.m4s)/g) ?? []
    }
    const isThere = async (variant: string) => (await get(storage, ids, variant)).response.status === 200
    const markerOf = (name = '') => name.split('-')[1]
    const seen: string[][] = []
    for (const isBegun of [
      () => isThere('poster'),
      () => isThere('stream/index.m3u8'),
      async () => markerOf((await files())[0]) !== markerOf(seen.at(-1)?.[0]),
    ]) {
      await startWorker()
      await eventually(isBegun, 60_000)
      await stopped('SIGKILL')
      seen.push(await files())
      await eventually(async () => !(await processesIn(rendering)), 60_000)
      expect((await get(storage, ids, 'progressive')).response.status).toBe(503)
    }
    await startWorker()
    expect(await settled(storage, owner, mediaId, 150_000)).toMatchObject({ state: 'READY' })
    // The worker cleans up after the media is ready.
    await eventually(async () => (await readdir(rendering)).length === 0, 60_000)
    const progressive = await decoded(clips.folder, (await get(storage, ids, 'progressive')).bytes)
    expect(Number(progressive.format.duration)).toBeCloseTo(SECONDS, 0)
    const playlist = (await get(storage, ids, 'stream/640.m3u8')).bytes.toString()
    expect(playlist.match(/\.m4s/g)).toHaveLength(SECONDS / 2)
    expect(playlist).toContain('#EXT-X-ENDLIST')
    // No file name occurs in two attempts, and each playlist lists the files of one attempt.
    const attempts = [...seen, await files()].map((names) => new Set(names.map(markerOf)))
    expect(attempts.map((markers) => markers.size)).toEqual([0, 1, 1, 1])
    expect(new Set(attempts.flatMap((markers) => [...markers])).size).toBe(3)
    const kept = await readdir(
      path.join(storage.folder, 'objects', mediaId.slice(-4, -2), mediaId.slice(-2), mediaId),
    )
    expect(kept.filter((name) => name.startsWith('stream-640-')).sort()).toEqual(
      (await files()).map((name) => `stream-${name}`).sort(),
    )
    expect(await stopped('SIGTERM')).toBe(0)
  }, 240_000)

  it('retries without counting an attempt while there is too little disk space', async () => {
    const { mediaId } = await upload(storage, owner, await clips.bytes('film.mkv'), 'video/x-matroska')
    const { logged } = await startWorker({ STORAGE_FREE_FLOOR: '1000TiB' })
    await eventually(async () => logged().split('STORAGE_UNAVAILABLE').length > 2, 60_000)
    const state = await storage.ask(
      'query ($id: ID!) { media(id: $id) { state renditions { role } } }',
      { id: mediaId },
      owner,
    )
    expect(state.media).toEqual({ state: 'PROCESSING', renditions: [] })
    expect(await readdir(path.join(storage.folder, 'rendering'))).toEqual([])
    await stopped('SIGTERM')
    await startWorker()
    expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'READY' })
    expect(await query('SELECT attempts FROM storage.media WHERE id = $1', [mediaId])).toEqual([
      { attempts: 1 },
    ])
    await stopped('SIGTERM')
  })

  it('gives up media that ended every worker, and the owner can send the file again', async () => {
    const bytes = await clips.bytes('film.webm')
    const { mediaId } = await upload(storage, owner, bytes, 'video/webm')
    await query('UPDATE storage.media SET attempts = 6 WHERE id = $1', [mediaId])
    await startWorker()
    expect(await settled(storage, owner, mediaId)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('send it again') },
      renditions: [],
    })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const again = await storage.openUpload(owner, { byteSize: bytes.length, sha256 })
    expect(await storage.session(owner, again.uploadId)).toMatchObject({ state: 'REQUESTED', media: null })
    expect(await stopped('SIGTERM')).toBe(0)
  })
})
