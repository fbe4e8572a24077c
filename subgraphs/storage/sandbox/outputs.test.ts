import { link, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readOutput } from './outputs.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-outputs-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('reading an output', () => {
  it('works while a tool replaces the file again and again', async () => {
    const file = path.join(folder, 'playlist.m3u8')
    const versions = Array.from({ length: 400 }, (_, index) => `${index} `.repeat(2_000))
    await writeFile(file, versions[0] ?? '')
    let isOver = false
    const replaced = (async () => {
      for (const version of versions) {
        await writeFile(`${file}.tmp`, version)
        await rename(`${file}.tmp`, file)
      }
      isOver = true
    })()
    const read: string[] = []
    while (!isOver) read.push((await readOutput(file, 1e6)).toString())
    await replaced
    expect(read.length).toBeGreaterThan(100)
    for (const version of read) expect(versions).toContain(version)
  })

  it('refuses a file with another name, and a symbolic link', async () => {
    const secret = path.join(folder, 'secret')
    await writeFile(secret, 'secret')
    await link(secret, path.join(folder, 'hard'))
    await symlink(secret, path.join(folder, 'soft'))
    for (const name of ['hard', 'soft'])
      await expect(readOutput(path.join(folder, name), 100)).rejects.toThrow(/is not a file|has 2 names/)
  })
})
