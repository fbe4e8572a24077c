import { setTimeout as sleep } from 'node:timers/promises'
import { createIsWaiting } from '../../../platform/outbox/waiting.ts'
import type { Db } from '../database.ts'
import { JOBS_SCHEMA } from '../renditions/rendition-jobs.ts'
import type { Upload } from './upload.ts'

// Being told takes milliseconds; only where `communication` is away does it take longer.
const TOLD_WITHIN_MS = 500
const LOOK_AGAIN_MS = 15

const isWaiting = createIsWaiting(JOBS_SCHEMA)

/**
 * An upload as its owner may see it. The user is told of success only after `communication` is (docs/method.md, A3):
 * whoever sees
 * `READY` can post the medium and play it. Waits for that a little, and else shows `VERIFYING` still.
 */
export async function toldUpload(db: Db, upload: Upload): Promise<Upload> {
  if (upload.state !== 'READY') return upload
  const deadline = performance.now() + TOLD_WITHIN_MS
  while (await isWaiting(db, upload.id)) {
    if (performance.now() > deadline) return { ...upload, state: 'VERIFYING' }
    await sleep(LOOK_AGAIN_MS)
  }
  return upload
}
