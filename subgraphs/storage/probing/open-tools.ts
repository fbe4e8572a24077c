import path from 'node:path'
import type { Log } from '../../../platform/log.ts'
import { type StorageConfig, storageFolder } from '../config.ts'
import { openSandbox } from '../sandbox/open-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Prober } from './ffprobe.ts'
import { findTool, type Tool } from './find-tool.ts'

/** The paths of the media tools, and the sandbox that they run in. */
export type Tools = { ffmpeg: string; ffprobe: string; sandbox: Sandbox }

/** Finds one of FFmpeg's tools according to the configuration. */
function configuredTool(config: StorageConfig, tool: Tool, log: Log): Promise<string> {
  return findTool(tool, {
    configured: tool === 'ffmpeg' ? config.FFMPEG_PATH : config.FFPROBE_PATH,
    searchPath: process.env.PATH,
    allowBundled: config.NODE_ENV !== 'production' || config.ALLOW_BUNDLED_FFMPEG,
    copyTo: path.join(storageFolder(config), 'tools'),
    log,
  })
}

/** Finds the media tools and opens the sandbox that they run in. */
export async function openTools(config: StorageConfig, log: Log): Promise<Tools> {
  const [ffmpeg, ffprobe] = await Promise.all([
    configuredTool(config, 'ffmpeg', log),
    configuredTool(config, 'ffprobe', log),
  ])
  const sandbox = await openSandbox({
    wanted: config.STORAGE_SANDBOX,
    programs: [ffprobe, ffmpeg, process.execPath],
    folder: path.join(storageFolder(config), 'sandbox'),
    log,
  })
  return { ffmpeg, ffprobe, sandbox }
}

/** Creates the prober, which reads what a file is. */
export function openProber(
  config: StorageConfig,
  { ffprobe, sandbox }: Pick<Tools, 'ffprobe' | 'sandbox'>,
): Prober {
  const timeoutMs = config.STORAGE_PROBE_TIMEOUT_SECONDS * 1000
  return { command: ffprobe, sandbox, workFolder: path.join(storageFolder(config), 'probing'), timeoutMs }
}
