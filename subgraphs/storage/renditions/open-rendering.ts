import path from 'node:path'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import { type StorageConfig, storageFolder } from '../config.ts'
import type { RootDb } from '../database.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Prober } from '../probing/ffprobe.ts'
import { findTool, type Tool } from '../probing/find-tool.ts'
import { openSandbox } from '../sandbox/open-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { describeFfmpeg, type Ffmpeg } from './ffmpeg.ts'
import { makeImageCodeCache } from './image-code-cache.ts'
import type { Rendering } from './rendering.ts'

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
export async function openTools(config: StorageConfig, log: Log) {
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
  { ffprobe, sandbox }: { ffprobe: string; sandbox: Sandbox },
): Prober {
  const timeoutMs = config.STORAGE_PROBE_TIMEOUT_SECONDS * 1000
  return { command: ffprobe, sandbox, workFolder: path.join(storageFolder(config), 'probing'), timeoutMs }
}

/** Creates the dependencies for making renditions, for the service and for worker processes. */
export function openRendering(
  config: StorageConfig,
  parts: {
    db: RootDb
    objects: ObjectStore
    prober: Prober
    sandbox: Sandbox
    ffmpeg: string
    clock: Clock
    log: Log
    publishStored: Rendering['publishStored']
  },
): Rendering {
  const workFolder = path.join(storageFolder(config), 'rendering')
  let described: Promise<Ffmpeg> | undefined
  let imageCode: Promise<string | null> | undefined
  return {
    ...parts,
    workFolder,
    freeFloor: config.STORAGE_FREE_FLOOR,
    ffmpeg() {
      described ??= describeFfmpeg(
        parts.ffmpeg,
        parts.sandbox,
        path.join(storageFolder(config), 'describing'),
      )
      return described
    },
    imageCode() {
      const folder = path.join(storageFolder(config), 'describing')
      const keepIn = path.join(storageFolder(config), 'sandbox', 'image-code')
      imageCode ??= makeImageCodeCache(parts.sandbox, { folder, keepIn, log: parts.log })
      return imageCode
    },
  }
}
