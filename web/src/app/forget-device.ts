import { emptyDatabase } from '../browser-database.ts'
import { oneWindowAtATime } from '../browser-locks.ts'
import { forgetCaptionsOf } from '../composer/captions-store.ts'
import { forgetDraftsOf } from '../composer/draft-store.ts'
import { cacheName } from '../data/client.ts'
import { outboxName } from '../data/outbox-store.ts'
import { forgetAnswerOf } from '../data/persist-storage.ts'
import { forgetTypedOf } from '../data/typed-text.ts'
import { type UserToForget, unmark, usersToForget } from '../data/users-to-forget.ts'
import { forgetPictures } from '../service-worker/picture-cache.ts'
import { forgetAppRecordings } from '../uploads/app-recordings.ts'
import { forgetSharedOf } from '../uploads/share-target.ts'
import { forgetAppUploads } from '../uploads/upload-store.ts'

// The start of the app waits for this. What takes longer is done at the next start.
const LONGEST_MS = 5_000

/**
 * Deletes what this device has kept of the users whose sessions have ended, whoever has ended them. A user stays marked
 * until everything is deleted.
 */
export async function forgetUsers(): Promise<void> {
  const work = async () => {
    // Read again: another window may have done it, or the user may have signed in again.
    for (const user of usersToForget()) if (await forgetDevice(user)) unmark(user.userId)
  }
  const done = oneWindowAtATime('moblog-forget-users', work)
  let limit: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, LONGEST_MS)
  })
  await Promise.race([done.catch(() => {}), late])
  clearTimeout(limit)
}

/**
 * Deletes everything of a user from this device but what the user has sent already: the outbox, and which uploads they have
 * withdrawn. It waits for the next session of the same user, unless the account is deleted.
 *
 * @returns whether all of it is deleted
 */
async function forgetDevice({ userId, isAccountDeleted }: UserToForget): Promise<boolean> {
  forgetDraftsOf(userId)
  forgetTypedOf(userId)
  forgetAnswerOf(userId)
  const parts = await Promise.allSettled([
    emptyDatabase(cacheName(userId)),
    forgetPictures(),
    forgetAppUploads(userId, isAccountDeleted),
    forgetAppRecordings(userId),
    forgetCaptionsOf(userId),
    forgetSharedOf(userId),
    isAccountDeleted && emptyDatabase(outboxName(userId)),
  ])
  return parts.every(({ status }) => status === 'fulfilled')
}
