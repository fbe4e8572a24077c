import { mkdir } from 'node:fs/promises'
import { run } from '../../hosting/run.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { openDatabase } from '../../platform/database/open-database.ts'
import { createLog } from '../../platform/log.ts'
import { createEnqueue } from '../../platform/outbox/enqueue.ts'
import { createAnnouncements } from './announcements.ts'
import { storageConfig, storageFolder } from './config.ts'
import { connect } from './database.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openProber, openRendering, openTools } from './renditions/open-rendering.ts'
import { defaultWorkers, JOBS_SCHEMA, startRenditionWorker } from './renditions/rendition-jobs.ts'

// Makes renditions for a storage service that runs elsewhere, on the same database and the same object store. What it
// has to tell others goes into the outbox, which the service delivers.
await run(async () => {
  const config = readConfig(storageConfig, process.env)
  const log = createLog('storage-worker', config.LOG_LEVEL)
  const folder = storageFolder(config)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const database = await openDatabase({
    databaseUrl: config.DATABASE_URL,
    dataDir: config.MOBLOG_DATA_DIR,
    log,
  })
  const [{ db, close }, objects, tools] = await Promise.all([
    connect(database.url, log),
    openObjectStore(config),
    openTools(config, log),
  ])
  const announcements = createAnnouncements(createEnqueue(JOBS_SCHEMA))
  const worker = await startRenditionWorker({
    databaseUrl: database.url,
    workers: Math.max(1, config.STORAGE_WORKERS ?? defaultWorkers()),
    rendering: openRendering(config, {
      db,
      objects,
      prober: openProber(config, tools),
      ffmpeg: tools.ffmpeg,
      sandbox: tools.sandbox,
      clock: systemClock,
      log,
      announce: announcements.stored,
    }),
  })
  log.info({}, 'waiting for media to make renditions of')
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
