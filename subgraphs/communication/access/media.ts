import DataLoader from 'dataloader'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Pool } from '../database.ts'
import { relationshipOf } from '../people/relationship.ts'
import { findMediaFacts, type StoredMediaFacts } from './media-facts-store.ts'
import { playableUntil } from './policy.ts'
import { latestOf } from './token-window.ts'

/** A media file that a viewer may play. */
export type PlayableMedia = Pick<
  StoredMediaFacts,
  'id' | 'ownerId' | 'durationSeconds' | 'hasProgressive' | 'hasStream' | 'hasPoster' | 'captions'
> & {
  /**
   * The viewer's tokens for this media that were issued at or before this instant do not work; null if none were
   * revoked.
   */
  revokedAt: Date | null
  /** When the last post that shows the media to the viewer expires; null if access does not end by itself. */
  accessEndsAt: Date | null
}

/** Returns the media that a viewer may play, in no particular order (docs/method.md, C2). */
export async function findPlayable(
  pool: Pool,
  viewerId: string | null,
  ids: readonly string[],
  now: Date,
): Promise<PlayableMedia[]> {
  const asked = ids.filter(isId)
  if (asked.length === 0) return []
  const found = await findMediaFacts(pool, viewerId, asked)
  return found.flatMap(
    ({ showings, isGone, kind, mediaRevokedAt, pairRevokedAt, viewerRevokedAt, ...media }) => {
      const relationship = relationshipOf(viewerId, media.ownerId, kind)
      const until = playableUntil({ relationship, showings, isGone })
      if (until <= now.getTime()) return []
      const accessEndsAt = Number.isFinite(until) ? new Date(until) : null
      return [{ ...media, revokedAt: latestOf(mediaRevokedAt, pairRevokedAt, viewerRevokedAt), accessEndsAt }]
    },
  )
}

/**
 * Loads media by id, with one statement for all media of a request. The result is null if the viewer may not play the
 * media.
 */
export type MediaLoader = DataLoader<string, PlayableMedia | null>

/** Creates the media loader of one request. */
export function mediaLoader(pool: Pool, clock: Clock, viewerId: string | null): MediaLoader {
  return new DataLoader(async (keys) => {
    const found = await findPlayable(pool, viewerId, keys, clock())
    const byId = new Map(found.map((media) => [media.id, media]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}
