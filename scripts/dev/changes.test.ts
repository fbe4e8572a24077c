import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Changes, watchChanges } from './changes.ts'
import { WATCHED_FILES, WATCHED_FOLDERS } from './steps-after.ts'

let root: string
let changes: Changes

const write = (file: string, text = `${Math.random()}`) => writeFile(path.join(root, file), text)
/** Saves a file as many editors do: the new text gets its name when it is complete. */
async function replace(file: string): Promise<void> {
  await write(`${file}.tmp`)
  await rename(path.join(root, `${file}.tmp`), path.join(root, file))
}
/** The changed source files. */
const sources = async () => {
  const found: string[] = []
  while (found.length === 0) found.push(...(await changes.take()).filter((file) => /\.[jt]s$/.test(file)))
  return found
}

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'moblog-changes-'))
  for (const folder of [...WATCHED_FOLDERS, 'subgraphs/blog/posts'])
    await mkdir(path.join(root, folder), { recursive: true })
  for (const file of [...WATCHED_FILES, 'gateway/gateway.ts', 'subgraphs/blog/posts/post.ts'])
    await write(file)
  changes = watchChanges(root)
  await changes.ready
})
afterEach(async () => {
  changes.stop()
  await rm(root, { recursive: true })
})

it.each(['subgraphs/blog/posts/post.ts', 'main.js'])('notices each save of %s', async (file) => {
  for (const save of [replace, replace, write, replace]) {
    await save(file)
    expect(await sources()).toEqual([file])
  }
})

it('notices new and deleted files, also in new folders, but not folders', async () => {
  await mkdir(path.join(root, 'gateway/new'))
  await write('gateway/new/file.ts')
  expect(await sources()).toEqual(['gateway/new/file.ts'])
  await rm(path.join(root, 'gateway/gateway.ts'))
  expect(await sources()).toEqual(['gateway/gateway.ts'])
})
