import { z } from 'zod'
import type { Enqueue, Transaction } from '../../../platform/outbox/enqueue.ts'
import type { StorageClient } from './storage-client.ts'

const TOPIC = 'abandoned-uploads'

const abandoned = z.object({ uploadId: z.string(), ownerId: z.string() })

/** An upload for which storage may have reserved space although communication got no answer. */
export type AbandonedUpload = z.infer<typeof abandoned>

/**
 * Queues the closing of an abandoned upload, so its reservation is released even if storage is unreachable for a long
 * time.
 *
 * @param delayMs lets the unanswered request finish first, because an upload that does not exist yet cannot be closed
 */
export function abandonUpload(
  enqueue: Enqueue,
  db: Transaction,
  upload: AbandonedUpload,
  delayMs: number,
): Promise<void> {
  return enqueue(db, TOPIC, { key: upload.uploadId, payload: upload, delayMs })
}

/**
 * Outbox handler that closes abandoned uploads. Any answer of storage completes the job; it retries only without one.
 */
export function abandonedUploads(storage: Pick<StorageClient, 'close'>) {
  return {
    async [TOPIC](payload: unknown) {
      const { uploadId, ownerId } = abandoned.parse(payload)
      const refusal = await storage.close({ uploadId, ownerId })
      if (refusal?.code === 'STORAGE_UNAVAILABLE') throw new Error(refusal.message)
    },
  }
}
