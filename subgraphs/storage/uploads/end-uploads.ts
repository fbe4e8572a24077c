import { giveUp, type Receiving } from './receiving.ts'
import { listUnfinishedOf } from './upload-store.ts'

/**
 * Ends all uploads of a user. An upload with all its bytes is already in verification: waiting for the result leaves
 * either a media file or nothing.
 */
export async function endUploadsOf(receiving: Receiving, ownerId: string): Promise<void> {
  for (const id of await listUnfinishedOf(receiving.db, ownerId)) {
    if (!(await giveUp(receiving, id, 'CANCELLED'))) await receiving.verifications.run(id, ownerId)
  }
}
