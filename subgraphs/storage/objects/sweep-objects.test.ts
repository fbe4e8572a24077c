import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { sweepObjects } from './sweep-objects.ts'

const DAY_MS = 24 * 3600_000

let root: string
let objects: ObjectStore
let knownFolders: Set<string>
let deleted: Set<string>

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'moblog-sweep-'))
  objects = await openLocalDisk(root)
  knownFolders = new Set()
  deleted = new Set()
  await writeFile(path.join(root, 'source'), 'x')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const placeOf = (folder: string) => path.join(root, folder.slice(-4, -2), folder.slice(-2), folder)
async function store(...names: string[]): Promise<string> {
  const folder = newId()
  for (const name of names) await objects.put(folder, name, path.join(root, 'source'))
  await utimes(placeOf(folder), new Date(0), new Date(0))
  return folder
}
const sweep = (options: { isDryRun?: boolean; now?: Date } = {}) =>
  sweepObjects({
    objects,
    known: async (folders) => new Set(folders.filter((folder) => knownFolders.has(folder))),
    deleted: async (folders) => new Set(folders.filter((folder) => deleted.has(folder))),
    async *expected() {
      yield [...knownFolders]
    },
    log: createLog('test', 'silent'),
    now: new Date(),
    quarantineMs: 30 * DAY_MS,
    ...options,
  })
const isThere = async (folder: string, name = 'original') => {
  const file = await objects.open(folder, name)
  await file?.close()
  return file !== null
}
const NOTHING = { restored: [], quarantined: [], removed: [], missing: [] }

it('moves old unknown folders to quarantine and reports media without a folder', async () => {
  const kept = await store('original')
  const unknown = await store('original', 'poster')
  const young = newId()
  await objects.put(young, 'original', path.join(root, 'source'))
  const missing = newId()
  knownFolders = new Set([kept, missing])
  const found = { ...NOTHING, quarantined: [unknown], missing: [missing] }
  expect(await sweep({ isDryRun: true })).toEqual(found)
  expect(await isThere(unknown)).toBe(true)
  expect(await sweep()).toEqual(found)
  expect(await isThere(unknown)).toBe(false)
  expect((await readdir(path.join(root, '.quarantine', unknown))).sort()).toEqual(['original', 'poster'])
  expect([await isThere(young), await isThere(kept)]).toEqual([true, true])
  expect(await sweep()).toEqual({ ...NOTHING, missing: [missing] })
})

it('restores a quarantined folder with all its files when the database knows it again', async () => {
  const folder = await store('original', 'poster')
  await sweep()
  knownFolders = new Set([folder])
  expect(await sweep({ isDryRun: true })).toEqual({ ...NOTHING, restored: [folder] })
  expect(await isThere(folder)).toBe(false)
  expect(await sweep()).toEqual({ ...NOTHING, restored: [folder] })
  expect([await isThere(folder), await isThere(folder, 'poster')]).toEqual([true, true])
  expect(await readdir(path.join(root, '.quarantine'))).toEqual([])
})

it('keeps both a quarantined file and a newer file of the same name', async () => {
  const folder = await store('original')
  await sweep()
  await writeFile(path.join(root, 'source'), 'newer')
  await objects.put(folder, 'original', path.join(root, 'source'))
  knownFolders = new Set([folder])
  expect(await sweep()).toEqual(NOTHING)
  const file = await objects.open(folder, 'original')
  expect(file?.size).toBe(5)
  await file?.close()
  expect(await readdir(path.join(root, '.quarantine', folder))).toEqual(['original'])
})

it('deletes a quarantined folder after the quarantine time and not earlier', async () => {
  const folder = await store('original')
  await sweep()
  const after = (days: number) => sweep({ now: new Date(Date.now() + days * DAY_MS) })
  expect(await after(29.9)).toEqual(NOTHING)
  expect(await after(30.1)).toEqual({ ...NOTHING, removed: [folder] })
  expect(await readdir(path.join(root, '.quarantine'))).toEqual([])
})

it('restores a folder that the database knows even after the quarantine time', async () => {
  const folder = await store('original')
  await sweep()
  knownFolders = new Set([folder])
  const late = new Date(Date.now() + 365 * DAY_MS)
  expect(await sweep({ now: late })).toEqual({ ...NOTHING, restored: [folder] })
})

it('deletes a folder immediately if its media was deleted by the owner', async () => {
  const folder = await store('original')
  deleted = new Set([folder])
  expect(await sweep()).toEqual({ ...NOTHING, removed: [folder] })
  expect(await isThere(folder)).toBe(false)
})

it('continues a move to quarantine that was interrupted between two files', async () => {
  const folder = await store('original', 'poster')
  await sweep()
  await objects.put(folder, 'stream-1', path.join(root, 'source'))
  await utimes(placeOf(folder), new Date(0), new Date(0))
  expect(await sweep()).toEqual({ ...NOTHING, quarantined: [folder] })
  expect((await readdir(path.join(root, '.quarantine', folder))).sort()).toEqual([
    'original',
    'poster',
    'stream-1',
  ])
})
