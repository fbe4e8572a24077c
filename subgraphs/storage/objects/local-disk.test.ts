import { mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
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

describe('the local disk', () => {
  it('leaves no drafts when it stores the same file twice', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    await store.put(id, 'original', source)
    expect(await readdir(path.join(root, 'objects', '.incoming'))).toEqual([])
  })

  it('returns the local path of a stored file', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    expect(await readFile(store.localPath?.(id, 'original') ?? '', 'utf8')).toBe('the bytes')
  })

  it('removes a folder while files are added to it', async () => {
    for (let round = 0; round < 30; round++) {
      const id = newId()
      for (let index = 0; index < 10; index++) await store.put(id, `old-${index}`, source)
      const puts = Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => store.put(id, `new-${index}`, source)),
      )
      await store.remove(id)
      await puts
    }
  })

  it('lists no files and folders that others have put there', async () => {
    const id = newId()
    await store.put(id, 'original', source)
    const objects = path.join(root, 'objects')
    const shard = path.join(objects, id.slice(-4, -2), id.slice(-2))
    const elsewhere = path.join(objects, '00', id.slice(-2) === '00' ? '01' : '00')
    await writeFile(path.join(shard, 'original'), 'stray')
    await writeFile(path.join(shard, `${newId().slice(0, -4)}${id.slice(-4)}`), 'stray')
    await mkdir(path.join(shard, 'lost+found'))
    await mkdir(path.join(elsewhere, id), { recursive: true })
    const listed: string[] = []
    for await (const { folder } of store.list()) listed.push(folder)
    expect(listed).toEqual([id])
  })

  it('reports the free space of the disk', async () => {
    const { bavail, bsize } = await statfs(root)
    expect((await store.freeBytes()) / (bavail * bsize)).toBeCloseTo(1, 1)
  })
})
