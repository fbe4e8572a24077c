import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { createSkips, type Skips } from './skipped-entries.ts'
import { sweepObjects } from './sweep-objects.ts'

const DAY_MS = 24 * 3600_000

let root: string
let objects: ObjectStore
let knownFolders: Set<string>
let deleted: Set<string>
let outside: string
let skips: Skips

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'moblog-sweep-'))
  outside = await mkdtemp(path.join(tmpdir(), 'moblog-outside-'))
  await writeFile(path.join(outside, 'tax.pdf'), 'precious')
  objects = await openLocalDisk(root)
  knownFolders = new Set()
  deleted = new Set()
  await writeFile(path.join(root, 'source'), 'x')
})
afterEach(async () => {
  for (const folder of [root, outside]) await rm(folder, { recursive: true, force: true })
})

const placeOf = (folder: string) => path.join(root, folder.slice(-4, -2), folder.slice(-2), folder)
async function store(...names: string[]): Promise<string> {
  const folder = newId()
  for (const name of names) await objects.put(folder, name, path.join(root, 'source'))
  await utimes(placeOf(folder), new Date(0), new Date(0))
  return folder
}
const sweep = (options: { isDryRun?: boolean; now?: Date } = {}) => {
  skips = createSkips()
  return sweepObjects({
    objects,
    skips,
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
}
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

describe('entries that storage did not make', () => {
  const LINK = 'is a symbolic link, which storage did not make'
  const isOld = (place: string) => utimes(place, new Date(0), new Date(0))
  const isUntouched = async () => {
    expect(await readdir(outside)).toEqual(['tax.pdf'])
    expect(await readFile(path.join(outside, 'tax.pdf'), 'utf8')).toBe('precious')
  }
  it('are left alone if they are links to a folder, and the others are swept', async () => {
    const [folder, unknown] = [newId(), await store('original')]
    await mkdir(path.dirname(placeOf(folder)), { recursive: true })
    await symlink(outside, placeOf(folder))
    await isOld(outside)
    const found = { ...NOTHING, quarantined: [unknown] }
    expect(await sweep({ isDryRun: true })).toEqual(found)
    expect(await sweep()).toEqual(found)
    expect(await sweep()).toEqual(NOTHING)
    expect(skips.entries()).toEqual([{ path: placeOf(folder), reason: LINK }])
    expect(await readlink(placeOf(folder))).toBe(outside)
    await isUntouched()
  })

  it('are left alone if their media was deleted, and if it is expected', async () => {
    const [gone, expected] = [newId(), newId()]
    deleted = new Set([gone])
    knownFolders = new Set([expected])
    for (const folder of [gone, expected]) {
      await mkdir(path.dirname(placeOf(folder)), { recursive: true })
      await symlink(outside, placeOf(folder))
    }
    expect(await sweep()).toEqual(NOTHING)
    expect(skips.count()).toBe(2)
    await expect(objects.open(expected, 'tax.pdf')).rejects.toThrow(LINK)
    await expect(objects.remove(gone)).rejects.toThrow(LINK)
    await expect(objects.remove(gone, () => true)).rejects.toThrow(LINK)
    await expect(objects.put(gone, 'tax.pdf', path.join(root, 'source'))).rejects.toThrow(LINK)
    await expect(objects.quarantine.add(gone)).rejects.toThrow(LINK)
    await isUntouched()
  })

  it('are left alone if they stand for the folders above', async () => {
    const folder = newId()
    const [first, second] = [folder.slice(-4, -2), folder.slice(-2)]
    await mkdir(path.join(outside, second, folder), { recursive: true })
    await writeFile(path.join(outside, second, folder, 'original'), 'precious')
    await symlink(outside, path.join(root, first))
    expect(await sweep()).toEqual(NOTHING)
    expect(skips.entries()).toEqual([{ path: path.join(root, first), reason: LINK }])
    await expect(objects.open(folder, 'original')).rejects.toThrow(LINK)
    await expect(objects.remove(folder)).rejects.toThrow(LINK)
    await expect(objects.put(folder, 'poster', path.join(root, 'source'))).rejects.toThrow(LINK)
    expect(await readdir(path.join(outside, second, folder))).toEqual(['original'])
  })

  it('are left alone in the folders of media, and the files of deleted media are removed', async () => {
    const [unknown, gone] = [await store('original'), await store('original')]
    deleted = new Set([gone])
    for (const folder of [unknown, gone]) {
      await symlink(outside, path.join(placeOf(folder), 'poster'))
      await mkdir(path.join(placeOf(folder), 'notes'))
      await isOld(placeOf(folder))
    }
    expect(await sweep({ isDryRun: true })).toEqual(NOTHING)
    expect(await sweep()).toEqual(NOTHING)
    expect(skips.count()).toBe(2)
    expect((await readdir(placeOf(unknown))).sort()).toEqual(['notes', 'original', 'poster'])
    expect((await readdir(placeOf(gone))).sort()).toEqual(['notes', 'poster'])
    await isUntouched()
  })

  it('are left alone in quarantine, and the others come back and are deleted in time', async () => {
    const [file, link, back, expired] = [newId(), newId(), await store('original'), await store('original')]
    await sweep()
    const quarantine = (...names: string[]) => path.join(root, '.quarantine', ...names)
    await writeFile(quarantine(file), 'x')
    await symlink(outside, quarantine(link))
    await symlink(outside, quarantine(expired, 'link'))
    knownFolders = new Set([file, back])
    const late = { now: new Date(Date.now() + 31 * DAY_MS) }
    for (const isDryRun of [true, false]) {
      expect(await sweep({ ...late, isDryRun })).toEqual({ ...NOTHING, restored: [back], missing: [file] })
      expect(skips.entries().map(({ path }) => path)).toEqual(
        expect.arrayContaining([quarantine(file), quarantine(link), quarantine(expired, 'link')]),
      )
    }
    expect((await readdir(quarantine())).sort()).toEqual([file, link, expired].sort())
    expect(await readdir(quarantine(expired))).toEqual(['link'])
    expect(await isThere(back)).toBe(true)
    await isUntouched()
  })

  it('are left alone if they stand for the quarantine itself', async () => {
    await mkdir(path.join(outside, newId()))
    const before = await readdir(outside)
    const unknown = await store('original')
    await symlink(outside, path.join(root, '.quarantine'))
    expect(await sweep({ now: new Date(Date.now() + 31 * DAY_MS) })).toEqual(NOTHING)
    expect(skips.entries()).toEqual([{ path: path.join(root, '.quarantine'), reason: LINK }])
    expect(await isThere(unknown)).toBe(true)
    expect(await readdir(outside)).toEqual(before)
  })

  it('are named once if they are in the folder of other media', async () => {
    const folder = newId()
    const elsewhere = path.join(root, '00', folder.slice(-2) === '00' ? '01' : '00', folder)
    await mkdir(elsewhere, { recursive: true })
    expect(await sweep()).toEqual(NOTHING)
    expect(skips.entries()).toEqual([
      { path: elsewhere, reason: `is in the wrong folder; its place is ${placeOf(folder)}` },
    ])
  })

  it('do not keep the store from opening, unless drafts would be written through a link', async () => {
    const [draft, old] = [path.join(root, '.incoming', newId()), path.join(root, '.incoming', newId())]
    await mkdir(draft)
    await writeFile(old, 'x')
    await symlink(path.join(outside, 'tax.pdf'), path.join(root, '.incoming', newId()))
    await openLocalDisk(root)
    await rm(path.join(root, '.incoming'), { recursive: true })
    await symlink(outside, path.join(root, '.incoming'))
    await expect(openLocalDisk(root)).rejects.toThrow(LINK)
    await isUntouched()
  })
})

it('names each skipped entry once, and logs one line of bounded length', () => {
  const found = createSkips()
  for (let index = 0; index < 2_000; index++) found.add({ path: `entry ${index % 1_500}`, reason: 'is odd' })
  const warn = jest.fn()
  found.report({ ...createLog('test', 'silent'), warn })
  expect(warn.mock.calls).toEqual([
    [{ count: expect.any(Number), skipped: expect.anything() }, 'stored entries left alone'],
  ])
  expect(found.entries()).toHaveLength(1_000)
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
