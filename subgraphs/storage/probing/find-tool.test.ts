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

describe('the search for ffprobe', () => {
  it('prefers the configured command to the one on PATH', async () => {
    const configured = await program('mine')
    await program('ffprobe')
    const search = { configured, searchPath: folder, allowBundled: false, copyTo: folder, log }
    expect(await findTool('ffprobe', search)).toBe(configured)
  })

  it('uses the command on PATH without a warning', async () => {
    const onPath = await program('ffprobe')
    const searchPath = `/nowhere${path.delimiter}${folder}`
    expect(await findTool('ffprobe', { searchPath, allowBundled: true, copyTo: folder, log })).toBe(onPath)
    expect(warnings).toEqual([])
  })

  it('uses the bundled command with a warning if there is no other', async () => {
    const found = await findTool('ffprobe', { searchPath: '', allowBundled: true, copyTo: folder, log })
    await access(found, constants.X_OK)
    expect(warnings.join()).toContain('outdated media tool from npm in use')
  })

  it('fails if there is only the bundled command and no setting allows it', async () => {
    const search = { searchPath: '', allowBundled: false, copyTo: folder, log }
    await expect(findTool('ffprobe', search)).rejects.toThrow(ConfigError)
    await expect(findTool('ffprobe', search)).rejects.toThrow('ALLOW_BUNDLED_FFMPEG')
  })

  it('fails if the configured file is not executable', async () => {
    const configured = await program('mine', 0o644)
    await expect(
      findTool('ffprobe', { configured, allowBundled: true, copyTo: folder, log }),
    ).rejects.toThrow('FFPROBE_PATH')
  })
})
