import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { openUploadFiles } from './upload-files.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-uploads-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Puts files of unknown uploads into the folder and returns their ids. */
async function strays(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId)
  for (const id of ids) await writeFile(path.join(folder, id), 'x')
  return ids
}

describe('the folder of uploads', () => {
  it('lists many files while the process serves requests in between', async () => {
    const ids = await strays(3_000)
    const files = await openUploadFiles(folder)
    let looks = 0
    const looking = setInterval(() => {
      looks += 1
    })
    const found = await files.list()
    clearInterval(looking)
    expect(found.map(({ id }) => id).sort()).toEqual(ids.sort())
    expect(looks).toBeGreaterThanOrEqual(10)
  })

  it('lists each upload once, also one of which only the mark is left', async () => {
    const [whole = '', lone = ''] = [newId(), newId()]
    await writeFile(path.join(folder, whole), 'abc')
    for (const id of [whole, lone]) await writeFile(path.join(folder, `${id}.unchecked`), '0\n')
    const found = await (await openUploadFiles(folder)).list()
    expect(found.map(({ id, size }) => [id, size]).sort()).toEqual(
      [
        [whole, 3],
        [lone, 0],
      ].sort(),
    )
  })

  it('tells one of two processes that it has moved or removed a file', async () => {
    const [moved = '', removed = ''] = await strays(2)
    const both = await Promise.all([openUploadFiles(folder), openUploadFiles(folder)])
    const moves = await Promise.all(both.map((files) => files.quarantine.add(moved)))
    expect(moves.sort()).toEqual([false, true])
    const removals = await Promise.all(both.map((files) => files.remove(removed)))
    expect(removals.sort()).toEqual([false, true])
    expect(await readdir(folder)).toEqual(['.quarantine'])
  })
})
