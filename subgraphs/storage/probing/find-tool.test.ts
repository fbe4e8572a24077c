import { access, chmod, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ConfigError } from '../../../platform/config.ts'
import type { Log } from '../../../platform/log.ts'
import { findTool } from './find-tool.ts'

let folder: string
let warnings: string[]
let log: Log

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-tools-'))
  warnings = []
  const silent = () => {}
  log = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (_fields: unknown, text?: string) => void warnings.push(`${text}`),
  }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function program(name: string, mode = 0o755): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, mode)
  return file
}

describe('ffprobe is', () => {
  it('the configured one, before the one on PATH', async () => {
    const configured = await program('mine')
    await program('ffprobe')
    const search = { configured, searchPath: folder, allowBundled: false, copyTo: folder, log }
    expect(await findTool('ffprobe', search)).toBe(configured)
  })

  it('the machine’s own where it has one', async () => {
    const own = await program('ffprobe')
    const searchPath = `/nowhere${path.delimiter}${folder}`
    expect(await findTool('ffprobe', { searchPath, allowBundled: true, copyTo: folder, log })).toBe(own)
    expect(warnings).toEqual([])
  })

  it('the one that npm brings where there is no other, which is said loudly', async () => {
    const found = await findTool('ffprobe', { searchPath: '', allowBundled: true, copyTo: folder, log })
    await access(found, constants.X_OK)
    expect(warnings.join()).toContain('OUTDATED')
  })

  it('none in production unless the outdated one is allowed by name', async () => {
    const search = { searchPath: '', allowBundled: false, copyTo: folder, log }
    await expect(findTool('ffprobe', search)).rejects.toThrow(ConfigError)
    await expect(findTool('ffprobe', search)).rejects.toThrow('ALLOW_BUNDLED_FFMPEG')
  })

  it('refused where the configured one can’t be executed', async () => {
    const configured = await program('mine', 0o644)
    await expect(
      findTool('ffprobe', { configured, allowBundled: true, copyTo: folder, log }),
    ).rejects.toThrow('FFPROBE_PATH')
  })
})
