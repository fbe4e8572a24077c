import path from 'node:path'
import { type StorageConfig, storageFolder } from '../config.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { readS3Settings } from './s3-settings.ts'

/** Opens the object store that the configuration names: a bucket, or a folder of the local disk. */
export async function openObjectStore(config: StorageConfig): Promise<ObjectStore> {
  const settings = readS3Settings(config)
  if (!settings) return openLocalDisk(path.join(storageFolder(config), 'objects'))
  // Loaded on demand, because loading takes a quarter of a second.
  const { openS3 } = await import('./s3.ts')
  return openS3(settings)
}
