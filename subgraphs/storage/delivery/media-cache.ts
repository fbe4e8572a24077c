import { LRUCache } from 'lru-cache'
import type { Media } from '../media/media.ts'

/** Finds the media file with an id; null if it does not exist. */
type FindMediaItem = (id: string) => Promise<Media | null>

/**
 * Finds media for delivery and caches them for a minute, so that players which request one Range after the other cost
 * the database nothing. This cache does not notice deletions; the revocation does, within a second and in all replicas.
 */
export function createMediaCache(find: FindMediaItem): FindMediaItem {
  const known = new LRUCache<string, Media>({ max: 5_000 })
  return async (id) => {
    const remembered = known.get(id)
    if (remembered) return remembered
    const media = await find(id)
    if (!media) return null
    // A media file changes while its renditions are being made. Only what was just read is remembered: a player that
    // asks again and again would otherwise prolong an old state.
    known.set(id, media, { ttl: media.state === 'PROCESSING' ? 1_000 : 60_000 })
    return media
  }
}
