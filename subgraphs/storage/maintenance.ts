import type { Log } from '../../platform/log.ts'
import { objectsFolder, quarantineTime, type StorageConfig, uploadsFolder } from './config.ts'
import { connect, type RootDb } from './database.ts'
import type { ObjectStore } from './objects/object-store.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openUploadFiles, type UploadFiles } from './uploads/upload-files.ts'

/** The stores that maintenance commands work on. */
export type Stores = {
  db: RootDb
  objects: ObjectStore
  files: UploadFiles
  log: Log
  quarantineMs: number
  close(): Promise<void>
}

/** Opens the stores of the service, which may be running or not. */
export async function openStores(options: {
  config: StorageConfig
  databaseUrl: string
  log: Log
}): Promise<Stores> {
  const { config, databaseUrl, log } = options
  const { db, close } = await connect(databaseUrl, log)
  const objects = await openObjectStore(config, objectsFolder(config))
  const files = await openUploadFiles(uploadsFolder(config))
  return {
    db,
    objects,
    files,
    log,
    quarantineMs: quarantineTime(config),
    async close() {
      objects.close?.()
      await close()
    },
  }
}
