import type { z } from 'zod'
import { ConfigError } from '../../../platform/config.ts'
import { openLocalDisk } from './local-disk.ts'
import type { ObjectStore } from './object-store.ts'
import { type objectStoreConfig, STORE_KINDS } from './store-kinds.ts'

/**
 * Opens the object store that the configuration names, or a folder of the local disk.
 *
 * @param folder the folder to use if no other store is configured
 * @throws ConfigError if the settings of a store are incomplete, or several stores are configured
 */
export async function openObjectStore(
  config: z.infer<z.ZodObject<typeof objectStoreConfig>>,
  folder: string,
): Promise<ObjectStore> {
  const chosen = STORE_KINDS.map(({ name, choose }) => ({ name, open: choose(config) })).filter(
    ({ open }) => open !== null,
  )
  if (chosen.length > 1) {
    const names = chosen.map(({ name }) => name).join(' and ')
    throw new ConfigError(
      `The configuration can't be used:\n  ${names} are configured as object stores: choose one`,
    )
  }
  return chosen[0]?.open?.() ?? openLocalDisk(folder)
}
