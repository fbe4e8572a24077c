import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'

let root: string
let store: ObjectStore
let source: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'moblog-objects-'))
  store = await openLocalDisk(path.join(root, 'objects'))
  source = path.join(root, 'upload')
  await writeFile(source, 'the bytes')
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function contents(folder: string, name: string): Promise<string | null> {
  const file = await store.open(folder, name)
  if (!file) return null
  const buffer = Buffer.alloc(file.size)
  await file.read(buffer, 0)
  await file.close()
  return buffer.toString()
}

describe('the local disk', () => {
  it('keeps a copy that outlives the original', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    await rm(source)
    expect(await contents(id, 'original')).toBe('the bytes')
  })

  it('takes the same file twice, as after a restart, and leaves nothing half-written', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    await store.put(id, 'original', source)
    expect(await contents(id, 'original')).toBe('the bytes')
    expect(await readdir(path.join(root, 'objects', '.incoming'))).toEqual([])
  })

  it('reads from a position', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    const file = await store.open(id, 'original')
    const buffer = Buffer.alloc(20)
    expect(await file?.read(buffer, 4)).toBe(5)
    expect(buffer.toString('utf8', 0, 5)).toBe('bytes')
    await file?.close()
  })

  it('finds nothing where nothing was stored, and removes it without complaint', async () => {
    expect(await store.open(newId(), 'original')).toBeNull()
    await store.remove(newId())
  })

  it('lists what is stored until it is removed', async () => {
    const [first, second] = [newId(), newId()]
    await store.put(first, 'original', source)
    await store.put(second, 'original', source)
    await store.remove(first)
    const folders: string[] = []
    for await (const { folder } of store.list()) folders.push(folder)
    expect(folders).toEqual([second])
  })

  it('knows how much the disk has left', async () => {
    expect(await store.freeBytes()).toBeGreaterThan(0)
    await store.check()
  })
})
