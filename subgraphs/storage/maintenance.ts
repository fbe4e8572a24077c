import { existsSync } from 'node:fs'
import path from 'node:path'
import { databaseConfig, openDatabases } from '../../hosting/databases.ts'
import { ConfigError, readConfig } from '../../platform/config.ts'
import { createLog, type Log } from '../../platform/log.ts'
import { quarantineTime, storageConfig, storageFolder } from './config.ts'
import { connect, type RootDb } from './database.ts'
import type { ObjectStore } from './objects/object-store.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openUploadFiles, type UploadFiles } from './uploads/upload-files.ts'

/** The stores that maintenance commands work on. */
export type Stores = { db: RootDb; objects: ObjectStore; files: UploadFiles; log: Log; quarantineMs: number }

/**
 * Runs a command on the stores that the environment describes, and ends the process. The service may be running or not.
 *
 * @param work returns the exit code; code 2 means that the command could not be carried out
 */
export async function maintain(work: (stores: Stores) => Promise<number>): Promise<never> {
  try {
    const config = readConfig(storageConfig, process.env)
    // Only warnings and errors are logged, so that the output of the command stays readable.
    const log = createLog('storage', 'warn')
    const databases = readConfig(databaseConfig, process.env)
    requireStoredData({ ...config, ...databases })
    const database = await openDatabases(['storage'], { ...config, ...databases }, log)
    const { db, close } = await connect(database.urlOf('storage'), log)
    const objects = await openObjectStore(config)
    const files = await openUploadFiles(path.join(storageFolder(config), 'uploads'))
    const code = await work({ db, objects, files, log, quarantineMs: quarantineTime(config) })
    objects.close?.()
    await close()
    await database.stop()
    process.exit(code)
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : String(error)
    process.stderr.write(`${text}\n`)
    process.exit(2)
  }
}

// A command that checks stored bytes must not create an empty store and then report no problems.
function requireStoredData(config: {
  DATABASE_URL?: string | undefined
  STORAGE_DATABASE_URL?: string | undefined
  MOBLOG_DATA_DIR: string
}): void {
  if (config.STORAGE_DATABASE_URL ?? config.DATABASE_URL) return
  if (existsSync(path.join(config.MOBLOG_DATA_DIR, 'postgres'))) return
  throw new ConfigError(
    `The configuration can't be used:\n  MOBLOG_DATA_DIR: ${path.resolve(config.MOBLOG_DATA_DIR)} contains no database; use the settings of the service`,
  )
}

/** The environment variables of these commands. */
export const maintenanceSettings = {
  ...storageConfig.shape,
  STORAGE_DATABASE_URL: databaseConfig.shape.STORAGE_DATABASE_URL,
}
