import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { readConfig } from '../../platform/config.ts'
import { newId } from '../../platform/ids.ts'
import { eventually } from '../../testing/eventually.ts'
import { patch, startTestStorage, type TestStorage } from '../../testing/storage/storage.ts'
import { storageConfig } from './config.ts'
import { openStores, type Stores } from './maintenance.ts'
import { runFsck } from './run-fsck.ts'
import { runSweep } from './run-sweep.ts'

const LINK = 'is a symbolic link, which storage did not make'

let storage: TestStorage
let stores: Stores
let outside: string

beforeEach(async () => {
  outside = await mkdtemp(path.join(tmpdir(), 'moblog-outside-'))
  await writeFile(path.join(outside, 'tax.pdf'), 'precious')
})

afterEach(async () => {
  await stores?.close()
  await storage?.stop()
  await rm(outside, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}) {
  storage = await startTestStorage(env)
  stores = await openStores({
    config: readConfig(storageConfig, { STORAGE_DIR: storage.folder }),
    databaseUrl: storage.databaseUrl,
    log: storage.host.log,
  })
}

async function output(work: () => Promise<number>) {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const code = await work()
    return { code, text: write.mock.calls.map(([text]) => text).join('') }
  } finally {
    write.mockRestore()
  }
}
const inUploads = (...names: string[]) => path.join(storage.folder, 'uploads', ...names)
async function began(lifetimeMs = 0) {
  const upload = await storage.openUpload(newId(), { byteSize: 1_000 })
  await patch(upload, 0, Buffer.alloc(100))
  await stores.db.upload.update({
    where: { id: upload.uploadId },
    data: { expiresAt: new Date(Date.now() + lifetimeMs) },
  })
  return upload
}
async function replace(place: string, target: string) {
  await rm(place, { force: true })
  await symlink(target, place)
}

/** Odd entries of each kind beside an expired upload, and the paths of these entries. */
async function oddUploads() {
  const expired = await began(-1_000)
  const [looped, linked, folder, quarantined] = [newId(), (await began(3600_000)).uploadId, newId(), newId()]
  await symlink(looped, inUploads(looped))
  await replace(inUploads(linked), path.join(outside, 'tax.pdf'))
  await mkdir(inUploads(folder))
  await mkdir(inUploads('.quarantine'), { recursive: true })
  await writeFile(inUploads('.quarantine', quarantined), 'x')
  const skipped = [looped, linked, folder].map((id) => inUploads(id))
  return { expired, linked, skipped: [...skipped, inUploads('.quarantine', quarantined)] }
}

it('leaves odd entries among the uploads alone, names them, and sweeps the others', async () => {
  await start()
  const { expired, skipped } = await oddUploads()
  const stray = newId()
  await writeFile(inUploads(stray), 'x')
  await utimes(inUploads(stray), new Date(0), new Date(0))

  for (const isDryRun of [true, false]) {
    const { code, text } = await output(() => runSweep(stores, isDryRun))
    expect(code).toBe(1)
    expect(text).toMatch(new RegExp(`^1 expired uploads .*:\n  ${expired.uploadId}\n`, 'm'))
    expect(text).toMatch(new RegExp(`^1 files of unknown uploads .*:\n  ${stray}\n`, 'm'))
    expect(text).toContain(`${skipped.length} entries left alone:\n`)
    for (const place of skipped)
      expect(text).toMatch(new RegExp(`^  ${place}: is .* storage did not make$`, 'm'))
  }
  expect(await readdir(inUploads('.quarantine', stray))).toEqual([stray])
  expect(await readFile(path.join(outside, 'tax.pdf'), 'utf8')).toBe('precious')
  expect((await output(() => runSweep(stores, false))).text).toContain('0 expired uploads given up')
})

it('never writes through a link in the place of an upload', async () => {
  await start()
  const upload = await began(3600_000)
  await replace(inUploads(upload.uploadId), path.join(outside, 'tax.pdf'))
  expect((await patch(upload, 8, Buffer.alloc(100))).status).toBe(500)
  await stores.files.remove(upload.uploadId)
  expect(await readFile(path.join(outside, 'tax.pdf'), 'utf8')).toBe('precious')
  expect(await readdir(inUploads())).toEqual([upload.uploadId])
})

it('ends with 0 if there are no odd entries', async () => {
  await start()
  expect(await output(() => runSweep(stores, false))).toEqual({
    code: 0,
    text: expect.stringContaining('\n0 entries left alone:\n'),
  })
})

it('checks all media although there are odd entries in the store and in quarantine', async () => {
  await start()
  const [linked, file] = [newId(), newId()]
  const folder = path.join(storage.folder, 'objects', linked.slice(-4, -2), linked.slice(-2))
  await mkdir(folder, { recursive: true })
  await symlink(outside, path.join(folder, linked))
  const quarantine = path.join(storage.folder, 'objects', '.quarantine')
  await mkdir(quarantine, { recursive: true })
  await writeFile(path.join(quarantine, file), 'x')
  await symlink(outside, inUploads('.quarantine'))
  const { code, text } = await output(() => runFsck(stores))
  expect(text).toContain(`${path.join(quarantine, file)} is a file, which storage did not make\n`)
  expect(text).toContain(`${inUploads('.quarantine')} ${LINK}\n`)
  expect(text).toMatch(/^0 files, 0 bytes, 0 problems$/m)
  expect(code).toBe(0)
})

it('logs odd entries as one warning in each recurring sweep, and gives up expired uploads', async () => {
  await start({ STORAGE_SWEEP_INTERVAL_SECONDS: '0.1' })
  const { linked, skipped } = await oddUploads()
  const second = await began(-1_000)
  const warn = jest.spyOn(storage.host.log, 'warn')
  await eventually(
    async () => (await storage.session(second.ownerId, second.uploadId)).state === 'EXPIRED',
    30_000,
  )
  warn.mockClear()
  await eventually(() => warn.mock.calls.length >= 3, 30_000)
  const [call] = warn.mock.calls as unknown as [{ count: number; skipped: { path: string }[] }, string][]
  expect(call?.[1]).toBe('stored entries left alone')
  expect(call?.[0].skipped.map(({ path }) => path).sort()).toEqual([...skipped].sort())
  const { state } = await stores.db.upload.findUniqueOrThrow({ where: { id: linked } })
  expect(state).toBe('UPLOADING')
})
