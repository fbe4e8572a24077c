import { readRows } from '../browser-database.ts'
import { cacheName } from '../data/client.ts'
import { ENTRIES, type KeptEntries, keptMedia } from '../data/expired-posts.ts'
import { readSession } from '../data/session-store.ts'
import { forgetPicturesOf } from '../service-worker/picture-cache.ts'

/**
 * Deletes the pictures of earlier visits to which nothing leads that the cache has kept: their posts have expired or have
 * disappeared from all lists since. Pictures of this visit stay, because the cache writes some moments later.
 */
export async function sweepPictures(since = performance.timeOrigin): Promise<void> {
  const userId = readSession()?.userId
  if (userId === undefined) return
  const media = keptMedia(await readRows<KeptEntries>(cacheName(userId), ENTRIES))
  await forgetPicturesOf((id) => !media.has(id), since)
}
