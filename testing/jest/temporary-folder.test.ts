import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { makeTemporaryFolder } from './temporary-folder.ts'

it('is open to all users, and the folders of runs that were killed are removed, but no others', async () => {
  const own = await makeTemporaryFolder()
  const parent = path.dirname(own)
  // Linux has no process with this number.
  const left = path.join(parent, 'moblog-tests-999999999-x')
  await mkdir(path.join(left, 'inner'), { recursive: true })
  const second = await makeTemporaryFolder()
  try {
    expect((await stat(own)).mode & 0o7777).toBe(0o1777)
    const names = await readdir(parent)
    expect(names).not.toContain(path.basename(left))
    expect(names).toEqual(expect.arrayContaining([path.basename(own), path.basename(second)]))
  } finally {
    for (const folder of [own, second, left]) await rm(folder, { recursive: true, force: true })
  }
})
