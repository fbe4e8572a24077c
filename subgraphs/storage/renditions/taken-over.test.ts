import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import pino from 'pino'
import { newId } from '../../../platform/ids.ts'
import { toolForTests } from '../../../testing/storage/clips.ts'
import { openLocalDisk } from '../objects/local-disk.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { runLimited } from '../sandbox/limited-process.ts'
import { openSandbox } from '../sandbox/open-sandbox.ts'
import { NotAnOutput } from '../sandbox/outputs.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { CannotRender } from './ffmpeg.ts'
import { peek, take } from './outputs.ts'
import type { Attempt } from './rendering.ts'
import { createStreamPublisher } from './stream-publisher.ts'

// These tests start many programs, which is slow on a busy machine.
jest.setTimeout(120_000)

// What a file that has taken a decoder over may put where an output is expected.
const ATTACKS = {
  'a symbolic link': `fs.symlinkSync(secret, name)`,
  'a symbolic link to a folder': `fs.symlinkSync('/', name)`,
  'a folder': `fs.mkdirSync(name + '/deep', { recursive: true }); fs.symlinkSync(secret, name + '/deep/link')`,
  'a hard link': `fs.linkSync(secret, name)`,
  'a hard link to its input': `fs.linkSync(input, name)`,
  'a second name': `fs.writeFileSync('other', 'x'); fs.linkSync('other', name)`,
}
const ATTACK = `
const fs = process.getBuiltinModule('fs')
const [attack, secret, input, ...names] = process.argv.slice(1)
for (const name of names) try { eval(attack) } catch {}`
const SECRET = 'a private key'
const LIMITS = {
  wallClockMs: 60_000,
  cpuSeconds: 10,
  memoryBytes: 1024 ** 3,
  addressBytes: 256 * 1024 ** 3,
  writtenBytes: 1024 ** 2,
}

let folder: string
let secret: string
let input: string
let objects: ObjectStore
const sandboxes = new Map<string, Sandbox>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-taken-over-'))
  await mkdir(path.join(folder, 'keys'), { mode: 0o700 })
  secret = path.join(folder, 'keys', 'communication.json')
  await writeFile(secret, SECRET, { mode: 0o600 })
  input = path.join(folder, 'input')
  await writeFile(input, SECRET)
  objects = await openLocalDisk(path.join(folder, 'objects'))
  const programs = [process.execPath, await toolForTests('ffprobe'), '/usr/bin/mkfifo'] as const
  const log = pino({ level: 'silent' })
  for (const wanted of ['auto', 'limits'] as const) {
    const search = { wanted, log, folder: path.join(folder, 'sandbox') }
    sandboxes.set(wanted, await openSandbox({ ...search, programs: [programs[1], programs[0], programs[2]] }))
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function newAttempt(kind: string) {
  const own = path.join(folder, newId())
  const folders = { cwd: path.join(own, 'work'), taken: path.join(own, 'taken') }
  for (const each of Object.values(folders)) await mkdir(each, { recursive: true, mode: 0o700 })
  const sandbox = sandboxes.get(kind)
  if (!sandbox) throw new Error(`there is no sandbox ${kind}`)
  return { ...folders, sandbox }
}

type TestAttempt = Awaited<ReturnType<typeof newAttempt>>

async function attack({ sandbox, cwd }: TestAttempt, script: string, ...names: string[]) {
  const common = { sandbox, cwd, input, limits: LIMITS }
  if (script === 'mkfifo') await runLimited({ ...common, command: '/usr/bin/mkfifo', args: names })
  else {
    const args = ['-e', ATTACK, script, secret, input, ...names]
    const { code, stderr } = await runLimited({ ...common, command: process.execPath, args })
    if (code !== 0) throw new Error(stderr)
  }
}

/** Everything that the object store holds, as text. */
async function storedText(): Promise<string> {
  const entries = await readdir(path.join(folder, 'objects'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory())
  return (
    await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')))
  ).join()
}

const everyAttack = ['auto', 'limits'].flatMap((kind) =>
  [...Object.entries(ATTACKS), ['a named pipe', 'mkfifo']].map(
    ([name = '', script = '']) => [name, kind, script] as const,
  ),
)

describe.each(everyAttack)('%s in the place of an output (sandbox %s)', (_name, kind, script) => {
  afterEach(async () => {
    expect(await readFile(secret, 'utf8')).toBe(SECRET)
    expect(await readFile(input, 'utf8')).toBe(SECRET)
    expect((await stat(secret)).mode & 0o777).toBe(0o600)
    expect(await storedText()).not.toContain(SECRET)
  })

  it('is neither taken, nor read, nor left in the folder of taken files', async () => {
    const attempt = await newAttempt(kind)
    await attack(attempt, script, 'progressive')
    const isThere = (await readdir(attempt.cwd)).includes('progressive')
    const refusal = isThere ? expect.any(CannotRender) : expect.objectContaining({ code: 'ENOENT' })
    const bytes = await peek(attempt, 'progressive', 100).catch((error: unknown) => error)
    expect(bytes).toEqual(isThere ? expect.any(CannotRender) : null)
    await expect(take(attempt, 'progressive')).rejects.toEqual(refusal)
    expect(await readdir(attempt.taken)).toEqual([])
  })

  it('is not published as a segment of a stream', async () => {
    const attempt = await newAttempt(kind)
    const rung = { name: 'film', files: 'film-a1', size: null, bitsPerSecond: 1, isEncoded: true }
    const publish = createStreamPublisher({ objects, mediaId: newId(), folders: attempt, rungs: [rung] })
    await attack(attempt, `fs.writeFileSync(name, '#EXTINF:2,\\nfilm-a1-00000.m4s\\n')`, 'film-a1.m3u8')
    await attack(attempt, script, 'film-a1-init.mp4', 'film-a1-00000.m4s')
    const published = await publish(true).catch((error: unknown) => error)
    expect(published === null || published instanceof CannotRender).toBe(true)
  })
})

describe('the object store', () => {
  it.each([
    ['a symbolic link', ATTACKS['a symbolic link']],
    ['a named pipe', 'mkfifo'],
    ['a folder', ATTACKS['a folder']],
  ])('refuses %s and keeps nothing of it', async (_name, script) => {
    const attempt = await newAttempt('auto')
    await attack(attempt, script, 'progressive')
    const put = objects.put(newId(), 'progressive', path.join(attempt.cwd, 'progressive'))
    await expect(put).rejects.toThrow(NotAnOutput)
    expect(await storedText()).not.toContain(SECRET)
    expect(await readdir(path.join(folder, 'objects', '.incoming'))).toEqual([])
  })
})

describe('an image whose decoder was taken over', () => {
  it('gets no variant of the bytes that a link leads to', async () => {
    const folders = await newAttempt('auto')
    const name = ATTACKS['a symbolic link']
    // As if the decoder had been taken over.
    jest.unstable_mockModule('./image-work.ts', () => ({
      async makeVariants(_rendering: unknown, _attempt: unknown, variants: { name: string }[]) {
        await attack(folders, name, ...variants.map((variant) => variant.name))
        const made = { width: 1, height: 1, mimeType: 'image/jpeg', isOriginal: false }
        return { variants: variants.map(() => made), look: { placeholder: 'AAAA', dominantColor: '#000000' } }
      },
    }))
    const { renderImage } = await import('./render-image.ts')
    const media = { id: newId(), byteSize: 1 } as Attempt['media']
    const attempt = { ...folders, media, file: input, maxSeconds: null, signal: AbortSignal.timeout(60_000) }
    const rendering = { objects, imageCode: async () => null }
    await expect(renderImage(rendering, attempt)).rejects.toThrow('is not a file')
    expect(await storedText()).not.toContain(SECRET)
  })
})

describe('the file that the service itself writes', () => {
  it('is in a folder that the decoder cannot write to', async () => {
    const attempt = await newAttempt('auto')
    // Without a user or a file system of its own, the decoder can write wherever the service can.
    if (attempt.sandbox.kind === 'limits') return
    const sample = path.join(attempt.taken, 'sample.mp4')
    await attack(attempt, ATTACKS['a symbolic link'], 'sample.mp4', sample, '../taken/sample.mp4')
    expect(await readdir(attempt.taken)).toEqual([])
  })
})
