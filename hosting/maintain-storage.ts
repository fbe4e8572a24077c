import { existsSync } from 'node:fs'
import path from 'node:path'
import { ConfigError, readConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { type StorageConfig, storageConfig, uploadsFolder } from '../subgraphs/storage/config.ts'
import { openStores, type Stores } from '../subgraphs/storage/maintenance.ts'
import { databaseAddresses, openDatabases, ownDatabaseSetting } from './databases.ts'

/** The environment variables of the maintenance commands. */
export const maintenanceSettings = { ...storageConfig.shape, ...ownDatabaseSetting('storage') }

/**
 * Runs a command on the stores that the environment describes, and ends the process. The service may be running or not.
 *
 * @param work returns the exit code; code 2 means that the command could not be carried out
 */
export async function maintainStorage(work: (stores: Stores) => Promise<number>): Promise<never> {
  try {
    const config = readConfig(storageConfig, process.env)
    // Only warnings and errors are logged, so that the output of the command stays readable.
    const log = createLog('storage', 'warn')
    requireStoredData(config)
    const database = await openDatabases(['storage'], process.env, log)
    const stores = await openStores({ config, databaseUrl: database.urlOf('storage'), log })
    const code = await work(stores)
    await stores.close()
    await database.stop()
    process.exit(code)
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : String(error)
    process.stderr.write(`${text}\n`)
    process.exit(2)
  }
}

// A command that checks stored bytes must not create an empty store and then report no problems.
function requireStoredData(config: StorageConfig): void {
  const { MOBLOG_DATA_DIR: dataDir, STORAGE_DIR } = config
  const hasDatabase = databaseAddresses(['storage'], process.env).given.size > 0
  const problem =
    !hasDatabase && !existsSync(path.join(dataDir, 'postgres'))
      ? `MOBLOG_DATA_DIR: there is no database in ${path.resolve(dataDir)}`
      : !existsSync(uploadsFolder(config)) &&
        `${STORAGE_DIR ? 'STORAGE_DIR' : 'MOBLOG_DATA_DIR'}: storage has never run with ${path.resolve(uploadsFolder(config))}`
  if (problem) throw new ConfigError(`The configuration can't be used:\n  ${problem}`)
}
