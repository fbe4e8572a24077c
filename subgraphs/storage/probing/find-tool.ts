import { constants } from 'node:fs'
import { access, chmod, copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ConfigError } from '../../../platform/config.ts'
import type { Log } from '../../../platform/log.ts'

const require = createRequire(import.meta.url)

/** The two command-line tools of FFmpeg. */
export type Tool = 'ffmpeg' | 'ffprobe'

/** Where to look for a tool, and whether the bundled one from npm may be used. */
export type ToolSearch = {
  /** `FFMPEG_PATH` or `FFPROBE_PATH`. If set, no other place is searched. */
  configured?: string | undefined
  /** `PATH`, which is searched next. */
  searchPath?: string | undefined
  /** Whether the bundled tool from npm may be used; in production only if a setting explicitly allows it. */
  allowBundled: boolean
  /** A folder for a copy of the bundled tool, if it cannot be run in place. */
  copyTo: string
  log: Log
}

/**
 * Finds the `ffmpeg` or `ffprobe` command: the configured one, then the one on PATH, then the one from npm. The npm
 * version is years old and gets no security fixes.
 *
 * @throws ConfigError if there is none that may be used
 */
export async function findTool(tool: Tool, search: ToolSearch): Promise<string> {
  const { configured, searchPath = '', allowBundled, copyTo, log } = search
  if (configured) {
    if (await isExecutable(configured)) return configured
    throw new ConfigError(
      `${tool.toUpperCase()}_PATH: ${configured} is not an executable file. Correct the path, or remove the setting to use the ${tool} on PATH.`,
    )
  }
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, tool)
    if (await isExecutable(file)) return file
  }
  const bundled = bundledTool(tool)
  if (!bundled)
    throw new ConfigError(`${tool} was not found on PATH. Install FFmpeg, or set ${tool.toUpperCase()}_PATH.`)
  if (!allowBundled) {
    throw new ConfigError(
      `${tool} was not found on PATH. Install FFmpeg, set ${tool.toUpperCase()}_PATH, or set ALLOW_BUNDLED_FFMPEG=true to use the outdated version that npm installs.`,
    )
  }
  log.warn(
    { tool, path: bundled },
    'outdated media tool from npm in use; install FFmpeg to get security fixes',
  )
  return (await isExecutableByAll(bundled)) ? bundled : copyExecutable(bundled, copyTo)
}

function bundledTool(tool: Tool): string | null {
  try {
    const { path: file } = require(`@${tool}-installer/${tool}`) as { path: string }
    return file
  } catch {
    return null
  }
}

// The file in npm's package may not be executable, in a folder that only root may change. Or only its owner may run it,
// which excludes the sandbox's user.
async function copyExecutable(file: string, folder: string): Promise<string> {
  const copy = path.join(folder, path.basename(file))
  if (await isExecutable(copy)) return copy
  await mkdir(folder, { recursive: true })
  const draft = `${copy}.${process.pid}`
  await copyFile(file, draft)
  await chmod(draft, 0o755)
  await rename(draft, copy)
  return copy
}

async function isExecutableByAll(file: string): Promise<boolean> {
  return (await isExecutable(file)) && ((await stat(file)).mode & constants.S_IXOTH) !== 0
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
