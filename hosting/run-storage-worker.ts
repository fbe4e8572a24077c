import { readConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { startObservability } from '../platform/observability/start-observability.ts'
import { storageConfig } from '../subgraphs/storage/config.ts'
import { startWorker } from '../subgraphs/storage/run-worker.ts'
import { readCommandLine } from './command-line.ts'
import { openDatabases, ownDatabaseSetting } from './databases.ts'
import { run } from './run.ts'

/** `npm run start:storage-worker`: makes renditions until a signal stops it. */
export function runStorageWorker(): Promise<void> {
  readCommandLine({
    usage: 'npm run start:storage-worker',
    summary:
      'Makes renditions for a storage service that runs elsewhere, on the same database and object store.',
    options: {},
    settings: { ...storageConfig.shape, ...ownDatabaseSetting('storage') },
  })
  return run(async () => {
    const config = readConfig(storageConfig, process.env)
    const log = createLog('storage-worker', config.LOG_LEVEL)
    const observability = await startObservability('storage-worker', config, log)
    const database = await openDatabases(['storage'], process.env, log)
    const worker = await startWorker({ config, databaseUrl: database.urlOf('storage'), log })
    log.info({}, 'rendition worker started')
    return {
      log,
      async stop() {
        await worker.stop()
        await database.stop()
        await observability.stop()
      },
    }
  })
}
