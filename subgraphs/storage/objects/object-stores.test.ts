import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { s3Environment, startTestS3, type TestS3, whyNoS3 } from '../../../testing/storage/s3.ts'
import { patch, startTestStorage } from '../../../testing/storage/storage.ts'
import { startTestWorker } from '../../../testing/storage/worker.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { openS3 } from './s3.ts'

const noS3 = whyNoS3()
if (noS3) process.stderr.write(`\n*** ${noS3}\n\n`)
let s3: TestS3 | undefined

beforeAll(async () => {
  if (!noS3) s3 = await startTestS3()
}, 90_000)

afterAll(() => s3?.stop())

async function emptyBucket() {
  if (!s3) throw new Error('no S3 server was started for this test')
  return s3.newBucket()
}

type Kind = {
  name: string
  /** Why its cases are skipped; null if they run. */
  missing: string | null
  /** Opens an empty store. */
  open(root: string): Promise<ObjectStore>
  /** Returns the settings of a service on an empty store; absent if only one machine reaches the store. */
  environment?(isRedirecting: boolean): Promise<Record<string, string>>
  /** Whether the service can redirect players to the store. */
  canRedirect?: boolean
}

const kinds: Kind[] = [
  {
    name: 'the local disk',
    missing: null,
    open: (root) => openLocalDisk(path.join(root, 'objects')),
  },
  {
    name: 'S3',
    missing: noS3,
    open: async () => openS3(await emptyBucket()),
    environment: async (isRedirecting) => s3Environment({ ...(await emptyBucket()), isRedirecting }),
    canRedirect: true,
  },
]

const describeKind = ({ missing }: Kind) => (missing ? describe.skip : describe)

for (const kind of kinds) describeKind(kind)(`${kind.name} as an object store`, () => checkStore(kind))
for (const kind of kinds.filter(({ environment }) => environment))
  describeKind(kind)(`the storage service on ${kind.name}`, () => checkService(kind))

function checkStore({ open }: Kind) {
  let root: string
  let store: ObjectStore
  let source: string

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'moblog-objects-'))
    store = await open(root)
    source = path.join(root, 'upload')
    await writeFile(source, 'the bytes')
  })

  afterEach(async () => {
    store.close?.()
    await rm(root, { recursive: true, force: true })
  })

  const contents = async (folder: string, name: string) => {
    const file = await store.open(folder, name)
    if (!file) return null
    const buffer = Buffer.alloc(file.size)
    await file.read(buffer, 0)
    await file.close()
    return buffer
  }
  const folders = async () => {
    const found: string[] = []
    for await (const { folder, writtenAt } of store.list()) {
      expect(Math.abs(writtenAt.getTime() - Date.now())).toBeLessThan(60_000)
      found.push(folder)
    }
    return found.sort()
  }

  it('keeps a file when the source file is deleted', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    await rm(source)
    expect(`${await contents(id, 'original')}`).toBe('the bytes')
  })

  it('accepts the same file twice', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    await store.put(id, 'original', source)
    expect(`${await contents(id, 'original')}`).toBe('the bytes')
    expect(await folders()).toEqual([id])
  })

  it('stores large files unchanged', async () => {
    const id = newId()
    const large = randomBytes(20 * 1024 ** 2 + 17)
    await writeFile(source, large)
    await store.put(id, 'original', source)
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    expect(digest((await contents(id, 'original')) ?? Buffer.alloc(0))).toBe(digest(large))
    const file = await store.open(id, 'original')
    if (file?.stream) {
      const parts: Uint8Array[] = []
      for await (const part of file.stream(5, large.length - 7, new AbortController().signal))
        parts.push(part)
      expect(Buffer.concat(parts).equals(large.subarray(5, large.length - 6))).toBe(true)
    }
    await file?.close()
  })

  it('reads from a position up to the end of the file', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    const file = await store.open(id, 'original')
    const buffer = Buffer.alloc(20)
    expect(await file?.read(buffer, 4)).toBe(5)
    expect(buffer.toString('utf8', 0, 5)).toBe('bytes')
    expect(await file?.read(buffer, 9)).toBe(0)
    await file?.close()
  })

  it('returns null for a missing file and ignores its removal', async () => {
    expect(await store.open(newId(), 'original')).toBeNull()
    await store.remove(newId())
  })

  it('lists each folder once until it is removed with all its files', async () => {
    const ids = [newId(), newId(), newId()].sort()
    const [first = '', ...others] = ids
    for (const id of ids) {
      await store.put(id, 'original', source)
      await store.put(id, 'poster', source)
    }
    expect(await folders()).toEqual(ids)
    await store.remove(first)
    expect(await folders()).toEqual(others)
    expect(await store.open(first, 'poster')).toBeNull()
  })

  it('removes only the chosen files of a folder', async () => {
    const id = newId()
    for (const name of ['original', 'stream-1', 'stream-2']) await store.put(id, name, source)
    await store.remove(id, (name) => name.endsWith('-1'))
    const remaining = ['original', 'stream-1', 'stream-2'].map(async (name) => {
      const file = await store.open(id, name)
      await file?.close()
      return file !== null
    })
    expect(await Promise.all(remaining)).toEqual([true, false, true])
    await store.remove(newId(), () => true)
  })

  it('moves folders to quarantine, restores them and deletes them there', async () => {
    const [restored, removed] = [newId(), newId()]
    for (const id of [restored, removed]) {
      await store.put(id, 'original', source)
      await store.put(id, 'poster', source)
      await store.quarantine.add(id)
    }
    await store.quarantine.add(newId())
    const quarantined = async () => {
      const ids: string[] = []
      for await (const { id, since } of store.quarantine.list()) {
        expect(Math.abs(since.getTime() - Date.now())).toBeLessThan(60_000)
        ids.push(id)
      }
      return ids.sort()
    }
    expect([await folders(), await quarantined()]).toEqual([[], [restored, removed].sort()])
    expect(await contents(restored, 'original')).toBeNull()
    expect(await store.quarantine.restore(restored)).toBe(true)
    expect(await store.quarantine.restore(restored)).toBe(false)
    await store.quarantine.remove(removed)
    await store.quarantine.remove(removed)
    expect([await folders(), await quarantined()]).toEqual([[restored], []])
    expect(`${await contents(restored, 'poster')}`).toBe('the bytes')
  })

  it('reports free space and that it can be written to', async () => {
    expect(await store.freeBytes()).toBeGreaterThan(0)
    await store.check()
    expect(await folders()).toEqual([])
  })
}

function checkService({ environment = async () => ({}), canRedirect }: Kind) {
  it.each(canRedirect ? [false, true] : [false])(
    'stores an upload and serves it, with redirects to the store: %s',
    async (isRedirecting) => {
      const storage = await startTestStorage(await environment(isRedirecting))
      const clips = await openClips()
      try {
        const film = await clips.bytes('film.mp4')
        const alice = newId()
        const upload = await storage.openUpload(alice, { byteSize: film.length })
        expect((await patch(upload, 0, film)).status).toBe(204)
        const { media } = await eventually(async () => {
          const session = await storage.session(alice, upload.uploadId)
          return session.state === 'COMPLETED' && session
        }, 60_000)
        const token = await storage.mediaToken({ sub: alice, media: media.id, owner: alice })
        const url = `${storage.address()}/v/${token}/${media.id}/original`
        const complete = await fetch(url)
        expect(complete.redirected).toBe(isRedirecting)
        expect(complete.headers.get('content-type')).toBe('video/mp4')
        expect(complete.headers.get('content-disposition')).toContain('filename')
        expect(Buffer.from(await complete.arrayBuffer()).equals(film)).toBe(true)
        const part = await fetch(url, { headers: { range: 'bytes=100-199' } })
        expect(part.status).toBe(206)
        expect(Buffer.from(await part.arrayBuffer()).equals(film.subarray(100, 200))).toBe(true)
        const head = await fetch(url, { method: 'HEAD' })
        expect([head.status, head.headers.get('content-length')]).toEqual([200, `${film.length}`])
        const refusal = await fetch(url.replace(token, `${token}x`), { redirect: 'manual' })
        expect(refusal.status).toBe(403)
      } finally {
        await clips.remove()
        await storage.stop()
      }
    },
    60_000,
  )

  it('uses renditions from a worker that shares only its database and its object store', async () => {
    const env = await environment(false)
    const [storage, clips] = await Promise.all([startTestStorage(env), openClips()])
    const workerFolder = await mkdtemp(path.join(tmpdir(), 'moblog-worker-'))
    const worker = await startTestWorker(storage, { ...env, STORAGE_DIR: workerFolder })
    try {
      const alice = newId()
      const { mediaId } = await upload(storage, alice, await clips.bytes('film.webm'))
      expect(await settled(storage, alice, mediaId)).toMatchObject({ state: 'READY' })
      for (const variant of ['progressive', 'poster', 'stream/64.m3u8']) {
        const { response } = await get(storage, { ownerId: alice, viewerId: alice, mediaId }, variant)
        expect([variant, response.status]).toEqual([variant, 200])
      }
      expect(await worker.end('SIGTERM')).toBe(0)
      expect(await readdir(path.join(workerFolder, 'rendering'))).toEqual([])
    } finally {
      await worker.end('SIGKILL')
      await rm(workerFolder, { recursive: true, force: true })
      await clips.remove()
      await storage.stop()
    }
  }, 60_000)
}

const withS3 = noS3 ? describe.skip : describe

withS3('the storage service on S3', () => {
  it('refuses uploads beyond the budget and does not start without its bucket', async () => {
    const settings = await emptyBucket()
    const small = await startTestStorage(s3Environment({ ...settings, budget: 1000 }))
    try {
      expect((await small.requestRoom(newId(), { byteSize: 900 })).outcome.refusal).toBeNull()
      expect((await small.requestRoom(newId(), { byteSize: 200 })).outcome.refusal.code).toBe(
        'STORAGE_UNAVAILABLE',
      )
    } finally {
      await small.stop()
    }
    await expect(openS3({ ...settings, bucket: 'moblog-nowhere' })).rejects.toThrow()
  }, 60_000)
})
