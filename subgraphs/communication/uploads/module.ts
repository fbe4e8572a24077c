import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { abandonedUploads, abandonUpload } from './abandoned-uploads.ts'
import { uploadResolvers } from './resolvers.ts'
import { createStorageClient } from './storage-client.ts'

/** The dependencies of this module. */
export type UploadsDeps = Pick<Resources, 'config' | 'db' | 'enqueue' | 'keyring' | 'peer' | 'clock' | 'log'>

/** The upload handshake: checks requests, asks storage for space, and signs upload keys. */
export function uploadsModule(deps: UploadsDeps): Module {
  const { config, db, enqueue, keyring, peer, clock, log } = deps
  const timeoutMs = config.STORAGE_TIMEOUT_SECONDS * 1000
  const storage = createStorageClient(() => peer('storage'), {
    timeoutMs,
    log,
    lost: (upload) => abandonUpload(enqueue, db, upload, 2 * timeoutMs),
  })
  return {
    resolvers: uploadResolvers({
      storage,
      keys: { keyring, clock, lifetimeSeconds: config.UPLOAD_KEY_SECONDS },
    }),
    outboxHandlers: abandonedUploads(storage),
  }
}
