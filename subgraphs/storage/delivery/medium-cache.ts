import { LRUCache } from 'lru-cache'
import type { Db } from '../database.ts'
import { findMedia } from '../media/media-store.ts'
import type { Medium } from '../media/medium.ts'

/**
 * Looks media up for delivery and remembers them for a minute, so that players that ask for one Range after the other
 * cost the database nothing. That a medium was deleted is not learnt from here: its revocation is, within a second and
 * in all replicas.
 */
export function createMediumCache(db: Db): (id: string) => Promise<Medium | null> {
  const known = new LRUCache<string, Medium>({ max: 5_000 })
  return async (id) => {
    const medium = known.get(id) ?? (await findMedia(db, [id]))[0]
    if (!medium) return null
    // What there is of it changes while its renditions are being made.
    known.set(id, medium, { ttl: medium.state === 'PROCESSING' ? 1_000 : 60_000 })
    return medium
  }
}
