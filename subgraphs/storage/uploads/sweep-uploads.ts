import { giveUp, type Receiving, takeUp } from './receiving.ts'
import { UNFINISHED } from './upload.ts'
import { findUnfinished, findUploads, forgetFinished } from './upload-store.ts'

const REMEMBERED_MS = 30 * 24 * 3600_000
// A file may be a moment older than the state that explains it.
const SETTLING_MS = 60_000

/**
 * Gives up uploads whose time is over, takes up those that wait to be verified, and removes files that belong to no
 * unfinished upload. An upload that bytes are arriving for is left alone.
 */
export async function sweepUploads(receiving: Receiving): Promise<void> {
  const { db, locks, clock, log } = receiving
  const now = clock()
  for (const { id, state, expiresAt } of await findUnfinished(db)) {
    if (state === 'VERIFYING' || expiresAt > now || locks.isHeld(id)) continue
    if (await giveUp(receiving, id, 'EXPIRED')) log.info({ uploadId: id }, 'an upload was given up')
  }
  await takeUp(receiving)
  await removeStrayFiles(receiving)
  await forgetFinished(db, new Date(now.getTime() - REMEMBERED_MS))
}

async function removeStrayFiles({ db, files, locks, log }: Receiving): Promise<void> {
  const lying = await files.list()
  const uploads = new Map(
    (
      await findUploads(
        db,
        lying.map(({ id }) => id),
      )
    ).map((upload) => [upload.id, upload]),
  )
  for (const { id, writtenAt } of lying) {
    const state = uploads.get(id)?.state
    if (state && (UNFINISHED as readonly string[]).includes(state)) continue
    if (writtenAt.getTime() > Date.now() - SETTLING_MS || locks.isHeld(id)) continue
    await files.remove(id)
    log.info({ uploadId: id }, 'a file without an unfinished upload was removed')
  }
}
