import path from 'node:path'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import { capacityLimits } from '../capacity/configured-limits.ts'
import { type StorageConfig, storageFolder } from '../config.ts'
import type { RootDb } from '../database.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Prober } from '../probing/ffprobe.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { describeFfmpeg, type Ffmpeg } from './ffmpeg.ts'
import { currentImageCode, makeImageCodeCache } from './image-code-cache.ts'
import type { Rendering } from './rendering.ts'

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
    publishCaptions: Rendering['captions']['publishCaptions']
  },
): Rendering {
  const workFolder = path.join(storageFolder(config), 'rendering')
  let described: Promise<Ffmpeg> | undefined
  let imageCode: Promise<string | null> | undefined
  return {
    ...parts,
    captions: { db: parts.db, limits: capacityLimits(config), publishCaptions: parts.publishCaptions },
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
    async imageCode() {
      const folder = path.join(storageFolder(config), 'describing')
      const keepIn = path.join(storageFolder(config), 'sandbox', 'image-code')
      imageCode ??= makeImageCodeCache(parts.sandbox, { folder, keepIn, log: parts.log })
      const link = await imageCode
      return link && currentImageCode(link)
    },
  }
}
