import { LRUCache } from 'lru-cache'
import type { Db } from '../database.ts'
import type { Media } from '../media/media.ts'
import { findMedia } from '../media/media-store.ts'

/**
 * Finds media for delivery and caches them for a minute, so that players which request one Range after the other cost
 * the database nothing. This cache does not notice deletions; the revocation does, within a second and in all replicas.
 */
export function createMediaCache(db: Db): (id: string) => Promise<Media | null> {
  const known = new LRUCache<string, Media>({ max: 5_000 })
  return async (id) => {
    const media = known.get(id) ?? (await findMedia(db, [id]))[0]
    if (!media) return null
    // A media file changes while its renditions are being made.
    known.set(id, media, { ttl: media.state === 'PROCESSING' ? 1_000 : 60_000 })
    return media
  }
}
