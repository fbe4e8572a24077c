import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import sharp from 'sharp'
import { openTestSandbox } from '../../../testing/storage/sandbox.ts'
import { currentImageCode, makeImageCodeCache } from './image-code-cache.ts'
import { runImageWorker } from './image-work.ts'

const log = pino({ level: 'silent' })
const VARIANT = { name: 'poster', longSide: 64, quality: 82, mayMove: false, isCopy: false, onlyAbove: null }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-image-code-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the code cache of the image worker', () => {
  it('contains the compiled worker and is not changed by work on a user’s image', async () => {
    const sandbox = await openTestSandbox(folder)
    const keepIn = path.join(folder, 'sandbox', 'image-code')
    expect(await makeImageCodeCache(sandbox, { folder, keepIn, log })).toBe(keepIn)
    const before = await readdir(keepIn, { recursive: true })
    // The worker, what it imports, and sharp.
    expect(before.length).toBeGreaterThan(5)

    const cwd = path.join(folder, 'attempt')
    await mkdir(cwd, { mode: 0o700 })
    const file = path.join(cwd, 'photo.jpg')
    await sharp({ create: { width: 128, height: 64, channels: 3, background: '#336699' } }).toFile(file)
    const work = { file, mimeType: 'image/jpeg', maxPixels: 8192, variants: [VARIANT] }
    const { variants } = await runImageWorker({ work, cwd, sandbox, codeCache: keepIn })
    expect(variants).toEqual([{ width: 64, height: 32, mimeType: 'image/jpeg', isOriginal: false }])
    expect(await readdir(keepIn, { recursive: true })).toEqual(before)
  })

  it('is replaced at the next start', async () => {
    const sandbox = await openTestSandbox(folder)
    const keepIn = path.join(folder, 'sandbox', 'image-code')
    await rm(keepIn, { recursive: true })
    await mkdir(path.join(keepIn, 'old'), { recursive: true })
    await makeImageCodeCache(sandbox, { folder, keepIn, log })
    expect(await readdir(keepIn)).not.toContain('old')
  })

  it('stays whole for jobs that have started when it is replaced', async () => {
    const sandbox = await openTestSandbox(folder)
    const keepIn = path.join(folder, 'sandbox', 'image-code')
    const before = await currentImageCode(keepIn)
    const files = await readdir(before ?? '')
    await makeImageCodeCache(sandbox, { folder, keepIn, log })
    expect(await currentImageCode(keepIn)).not.toBe(before)
    expect(await readdir(before ?? '')).toEqual(files)
  })

  it('is done without if someone has removed it', async () => {
    const keepIn = path.join(folder, 'sandbox', 'image-code')
    await rm((await currentImageCode(keepIn)) ?? '', { recursive: true })
    expect(await currentImageCode(keepIn)).toBeNull()
  })
})
