import type { z } from 'zod'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { readS3Settings, type s3Config } from './s3-settings.ts'

/**
 * Opens the object store that the configuration names: a bucket, or a folder of the local disk.
 *
 * @param folder the folder to use without a bucket
 */
export async function openObjectStore(
  config: z.infer<z.ZodObject<typeof s3Config>>,
  folder: string,
): Promise<ObjectStore> {
  const settings = readS3Settings(config)
  if (!settings) return openLocalDisk(folder)
  // Loaded on demand, because loading takes a quarter of a second.
  const { openS3 } = await import('./s3.ts')
  return openS3(settings)
}
