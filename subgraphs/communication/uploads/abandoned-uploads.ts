import { z } from 'zod'
import type { Enqueue, Transaction } from '../../../platform/outbox/enqueue.ts'
import type { StorageClient } from './storage-client.ts'

const TOPIC = 'abandoned-uploads'

const abandoned = z.object({ uploadId: z.string(), ownerId: z.string() })

/** An upload that storage may have made room for, without anybody having been told. */
export type AbandonedUpload = z.infer<typeof abandoned>

/**
 * Gives such an upload up, so that its room is free again, however long storage is not to be reached.
 *
 * @param delayMs lets the request that was not answered come to its end first: what is not there yet can't be closed
 */
export function abandonUpload(
  enqueue: Enqueue,
  db: Transaction,
  upload: AbandonedUpload,
  delayMs: number,
): Promise<void> {
  return enqueue(db, TOPIC, { key: upload.uploadId, payload: upload, delayMs })
}

/** How the outbox gives them up. Any answer of storage's ends it; only silence makes it try again. */
export function abandonedUploads(storage: Pick<StorageClient, 'close'>) {
  return {
    async [TOPIC](payload: unknown) {
      const { uploadId, ownerId } = abandoned.parse(payload)
      const refusal = await storage.close({ uploadId, ownerId })
      if (refusal?.code === 'STORAGE_UNAVAILABLE') throw new Error(refusal.message)
    },
  }
}
