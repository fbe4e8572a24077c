import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { createTestDatabase } from '../../testing/database.ts'
import { eventually } from '../../testing/eventually.ts'
import { freePorts } from '../../testing/free-ports.ts'
import { projectRoot } from '../prisma-environment.ts'
import { WATCHED_FOLDERS } from './steps-after.ts'

// Other suites run at the same time, and the product is started several times.
jest.setTimeout(900_000)
const RESTARTED_WITHIN_MS = 240_000
const COPIED = ['codegen.yml', 'main.js', 'package.json', 'scripts', 'tsconfig.json']
// It answers a request with another method than GET with the header `allow: GET, HEAD`.
const EDITED = 'subgraphs/blog/pages/page-exchange.ts'

let copy: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let dev: ChildProcess
let output = ''
let address: string
let source: string

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'moblog-dev-'))
  for (const name of [...COPIED, ...WATCHED_FOLDERS]) {
    await cp(path.join(projectRoot, name), path.join(copy, name), { recursive: true, verbatimSymlinks: true })
  }
  await symlink(path.join(projectRoot, 'node_modules'), path.join(copy, 'node_modules'))
  source = await readFile(path.join(copy, EDITED), 'utf8')
  database = await createTestDatabase({ schemas: [] })
  const [port = 0] = await freePorts(1)
  address = `http://localhost:${port}`
  dev = spawn(process.execPath, ['scripts/dev.ts'], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: database.url,
      MOBLOG_DATA_DIR: path.join(copy, 'data'),
      PORT: `${port}`,
      STORAGE_WORKERS: '0',
    },
  })
  for (const stream of [dev.stdout, dev.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
})
afterAll(async () => {
  const ended = once(dev, 'exit')
  dev.kill('SIGTERM')
  await ended
  await database.drop()
  await rm(copy, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const edit = (from: string, to: string) => writeFile(path.join(copy, EDITED), source.replace(from, to))
const allowed = () =>
  fetch(`${address}/m/`, { method: 'POST' }).then(
    ({ headers }) => headers.get('allow'),
    () => null,
  )
/** Waits until the product answers as after an edit. */
const expectAllowed = (methods: string) =>
  eventually(allowed, (found) => found === methods, RESTARTED_WITHIN_MS).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${output}`)
  })

it('npm run dev serves a change of a source, and keeps running what worked after a mistake', async () => {
  expect(source).toContain("'GET, HEAD'")
  await expectAllowed('GET, HEAD')
  for (const methods of ['GET', 'GET, HEAD, OPTIONS']) {
    await edit("'GET, HEAD'", `'${methods}'`)
    await expectAllowed(methods)
  }
  await edit("'GET, HEAD'", "'GET, HEAD")
  await eventually(() => output.includes('could not be loaded'), RESTARTED_WITHIN_MS)
  expect(await allowed()).toBe('GET, HEAD, OPTIONS')
  await edit('', '')
  await expectAllowed('GET, HEAD')
})
