import { setTimeout as sleep } from 'node:timers/promises'
import { createIsWaiting } from '../../../platform/outbox/waiting.ts'
import { type Db, JOBS_SCHEMA } from '../database.ts'
import type { Upload } from './upload.ts'

// Delivery to `communication` takes milliseconds; it takes longer only if `communication` is down or busy.
const REGISTERED_WITHIN_MS = 500
const POLL_MS = 15

const isWaiting = createIsWaiting(JOBS_SCHEMA)

/**
 * Returns an upload as its owner may see it. The owner sees `COMPLETED` only after `communication` has registered the media
 * (docs/method.md, A3), because an owner who sees `COMPLETED` can post and play it. Waits briefly for the registration, and
 * shows `VERIFYING` if it takes longer.
 *
 * @param withinMs how long to wait, in milliseconds
 */
export async function describeUpload(
  db: Db,
  upload: Upload,
  withinMs = REGISTERED_WITHIN_MS,
): Promise<Upload> {
  if (upload.state !== 'COMPLETED') return upload
  const deadline = performance.now() + withinMs
  while (await isWaiting(db, upload.id)) {
    if (performance.now() > deadline) return { ...upload, state: 'VERIFYING' }
    await sleep(POLL_MS)
  }
  return upload
}
