import { mkdir } from 'node:fs/promises'
import { readCommandLine } from '../../hosting/command-line.ts'
import { databaseConfig, openDatabases } from '../../hosting/databases.ts'
import { run } from '../../hosting/run.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createEnqueue } from '../../platform/outbox/enqueue.ts'
import { storageConfig, storageFolder } from './config.ts'
import { connect } from './database.ts'
import { createMediaEvents } from './media-events.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openProber, openRendering, openTools } from './renditions/open-rendering.ts'
import { defaultWorkers, JOBS_SCHEMA, startRenditionWorker } from './renditions/rendition-jobs.ts'

/**
 * Makes renditions for a storage service that runs elsewhere, on the same database and the same object store. Messages
 * to other services go into the outbox, and the storage service delivers them.
 */
export function runWorker(): Promise<void> {
  readCommandLine({
    usage: 'npm run start:storage-worker',
    summary:
      'Makes renditions for a storage service that runs elsewhere, on the same database and object store.',
    options: {},
    settings: { ...storageConfig.shape, STORAGE_DATABASE_URL: databaseConfig.shape.STORAGE_DATABASE_URL },
  })
  return run(async () => {
    const config = readConfig(storageConfig, process.env)
    const log = createLog('storage-worker', config.LOG_LEVEL)
    const folder = storageFolder(config)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const databases = readConfig(databaseConfig, process.env)
    const database = await openDatabases(['storage'], { ...config, ...databases }, log)
    const databaseUrl = database.urlOf('storage')
    const [{ db, close }, objects, tools] = await Promise.all([
      connect(databaseUrl, log),
      openObjectStore(config),
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
      }),
    })
    log.info({}, 'rendition worker started')
    return {
      log,
      async stop() {
        await worker.stop()
        objects.close?.()
        await close()
        await database.stop()
      },
    }
  })
}
