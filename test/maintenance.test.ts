import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { requestUpload, uploadByTus } from '../scripts/client/uploads.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

describe('the storage maintenance commands', () => {
  let product: Product
  let mei: Person
  let sound: string
  let lost: string
  beforeAll(async () => {
    product = await startProduct('in one process', {
      // Storage itself cleans up nothing during the test.
      env: { STORAGE_WORKERS: '0', STORAGE_SWEEP_INTERVAL_SECONDS: '86400' },
    })
    ;[mei] = (await signUpAll(product.url, ['Mei'])) as [Person]
    const clip = await mediaFile('clip.mp4')
    sound = (await uploadByTus(mei, clip)).id
    lost = (await uploadByTus(mei, clip)).id
  })
  afterAll(() => product?.close())

  const run = (program: string, ...args: string[]) =>
    runIn({ MOBLOG_DATA_DIR: product.dataDir, DATABASE_URL: product.databaseUrl ?? '' }, program, ...args)

  const runIn = async (env: Record<string, string>, program: string, ...args: string[]) => {
    const child = spawn(process.execPath, ['hosting/main.ts', program, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    return { code, output, errors }
  }
  const objects = () => path.join(product.dataDir, 'storage', 'objects')
  const folderOf = (id: string) => path.join(objects(), id.slice(-4, -2), id.slice(-2), id)

  it.each(['fsck', 'sweep'])('refuse an empty data folder: storage:%s', async (command) => {
    const empty = path.join(product.dataDir, 'empty')
    const refused = await runIn({ MOBLOG_DATA_DIR: empty }, `storage-${command}`)
    expect(refused).toMatchObject({
      code: 2,
      output: '',
      errors: expect.stringContaining(`  MOBLOG_DATA_DIR: `),
    })
    expect(existsSync(empty)).toBe(false)
  })

  it.each(['fsck', 'sweep'])(
    'refuse a folder in which storage has never run: storage:%s',
    async (command) => {
      const [STORAGE_DIR, DATABASE_URL] = [path.join(product.dataDir, 'mistyped'), product.databaseUrl ?? '']
      const refused = await runIn({ STORAGE_DIR, DATABASE_URL }, `storage-${command}`)
      expect(refused).toMatchObject({
        code: 2,
        output: '',
        errors: expect.stringContaining('  STORAGE_DIR: '),
      })
      expect(existsSync(STORAGE_DIR)).toBe(false)
    },
  )

  it('report no problem if all files are intact', async () => {
    const fsck = await run('storage-fsck')
    expect({ ...fsck, errors: '' }).toMatchObject({
      code: 0,
      output: /^2 files, \d+ bytes, 0 problems\n$/.exec(fsck.output)?.[0],
    })
    const sweep = await run('storage-sweep', '--dry-run')
    expect(sweep).toMatchObject({
      code: 0,
      output: expect.stringContaining('0 media whose files are missing'),
    })
  })

  it('find changed, lost and unknown files, and move unknown files to quarantine only without --dry-run', async () => {
    const orphan = '01a00000-0000-7000-8000-00000000abcd'
    const stray = '01a00000-0000-7000-8000-00000000dcba'
    const old = new Date(Date.now() - 7200_000)
    const { uploadSession } = await requestUpload(mei, await mediaFile('clip.mp4'))
    await mkdir(folderOf(orphan), { recursive: true })
    await writeFile(path.join(folderOf(orphan), 'original'), 'left')
    await utimes(folderOf(orphan), old, old)
    const file = path.join(product.dataDir, 'storage', 'uploads', stray)
    await writeFile(file, 'left')
    await utimes(file, old, old)
    await rm(folderOf(lost), { recursive: true })
    const original = path.join(folderOf(sound), 'original')
    await writeFile(original, Buffer.from('changed'), { flag: 'r+' })

    const fsck = await run('storage-fsck')
    expect(fsck.code).toBe(1)
    expect(fsck.output).toContain(`${lost}/original is missing`)
    expect(fsck.output).toContain(`${sound}/original has the SHA-256`)
    expect(fsck.errors).toMatch(/100 %: 2 of 2 files|\d+ %: 1 of 2 files/)

    const dryRun = await run('storage-sweep', '--dry-run')
    expect(dryRun.code).toBe(1)
    expect(dryRun.output).toContain(`1 files of unknown uploads would be moved to quarantine:\n  ${stray}\n`)
    expect(dryRun.output).toContain(`1 folders of unknown media would be moved to quarantine:\n  ${orphan}\n`)
    expect(dryRun.output).toContain(`1 media whose files are missing:\n  ${lost}\n`)
    expect(await readdir(folderOf(orphan))).toEqual(['original'])

    const swept = await run('storage-sweep')
    expect(swept.output).toContain(`1 folders of unknown media moved to quarantine:\n  ${orphan}\n`)
    await expect(readdir(folderOf(orphan))).rejects.toThrow('ENOENT')
    expect(await readdir(path.dirname(file))).not.toContain(stray)
    expect(await readdir(path.join(objects(), '.quarantine', orphan))).toEqual(['original'])
    expect(await readdir(path.join(path.dirname(file), '.quarantine', stray))).toEqual([stray])
    expect((await run('storage-fsck')).output).toContain('1 media in quarantine\n1 uploads in quarantine\n')
    expect((await run('storage-sweep', '--dry-run')).output).not.toContain(uploadSession.id)
  })
})
