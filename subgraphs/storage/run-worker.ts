import { mkdir } from 'node:fs/promises'
import { systemClock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { createEnqueue } from '../../platform/outbox/enqueue.ts'
import { objectsFolder, type StorageConfig, storageFolder } from './config.ts'
import { connect, JOBS_SCHEMA } from './database.ts'
import { createMediaEvents } from './media/media-events.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openProber, openTools } from './probing/open-tools.ts'
import { openRendering } from './renditions/open-rendering.ts'
import { defaultWorkers, startRenditionWorker } from './renditions/rendition-jobs.ts'

/**
 * Starts to make renditions for a storage service that runs elsewhere, on the same database and the same object store.
 * Messages to other services go into the outbox, and the storage service delivers them.
 */
export async function startWorker(options: {
  config: StorageConfig
  databaseUrl: string
  log: Log
}): Promise<{ stop(): Promise<void> }> {
  const { config, databaseUrl, log } = options
  await mkdir(storageFolder(config), { recursive: true, mode: 0o700 })
  const [{ db, close }, objects, tools] = await Promise.all([
    connect(databaseUrl, log),
    openObjectStore(config, objectsFolder(config)),
    openTools(config, log),
  ])
  const mediaEvents = createMediaEvents(createEnqueue(JOBS_SCHEMA))
  const worker = await startRenditionWorker({
    databaseUrl,
    workers: Math.max(1, config.STORAGE_WORKERS ?? defaultWorkers()),
    rendering: openRendering(config, {
      db,
      objects,
      prober: openProber(config, tools),
      ffmpeg: tools.ffmpeg,
      sandbox: tools.sandbox,
      clock: systemClock,
      log,
      publishStored: mediaEvents.stored,
      publishCaptions: mediaEvents.captions,
    }),
  })
  return {
    async stop() {
      await worker.stop()
      objects.close?.()
      await close()
    },
  }
}
