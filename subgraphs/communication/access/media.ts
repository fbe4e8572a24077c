import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Audience } from '../../../generated/graphql/internal/communication.ts'
import { isId } from '../../../platform/ids.ts'
import { type RelationshipKind, relationshipOf } from '../friends/relationship.ts'
import { mayPlay } from './policy.ts'
import { laterOf } from './token-window.ts'

/** A media file that a viewer may play. */
export type PlayableMedia = {
  id: string
  ownerId: string
  durationSeconds: number | null
  hasProgressive: boolean
  hasStream: boolean
  hasPoster: boolean
  /**
   * The viewer's tokens for this media that were issued at or before this instant do not work; null if none were
   * revoked.
   */
  revokedAt: Date | null
}

type MediaRow = Omit<PlayableMedia, 'revokedAt'> & {
  audience: Audience
  isGone: boolean
  kind: RelationshipKind | null
  mediaRevokedAt: Date | null
  pairRevokedAt: Date | null
}

// One statement reads all facts of the decision, for any number of media.
const SELECT_MEDIA = `
  SELECT m.id, m.owner_id AS "ownerId", m.duration_seconds AS "durationSeconds",
         m.has_progressive AS "hasProgressive", m.has_stream AS "hasStream", m.has_poster AS "hasPoster",
         m.audience, m.gone_at IS NOT NULL AS "isGone", r.kind,
         m.revoked_at AS "mediaRevokedAt", r.revoked_at AS "pairRevokedAt"
  FROM media m LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = m.owner_id
  WHERE m.id = ANY($2::uuid[])`

/** Returns the media that a viewer may play, in no particular order (docs/method.md, C2). */
export async function findPlayable(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<PlayableMedia[]> {
  const asked = ids.filter(isId)
  if (asked.length === 0) return []
  const values = [viewerId, asked]
  const { rows } = await pool.query<MediaRow>({ name: 'playable-media', text: SELECT_MEDIA, values })
  return rows.flatMap(({ audience, isGone, kind, mediaRevokedAt, pairRevokedAt, ...media }) => {
    const relationship = relationshipOf(viewerId, media.ownerId, kind)
    if (!mayPlay({ relationship, audience, isGone })) return []
    return [{ ...media, revokedAt: laterOf(mediaRevokedAt, pairRevokedAt) }]
  })
}

/**
 * Loads media by id, with one statement for all media of a request. The result is null if the viewer may not play the
 * media.
 */
export type MediaLoader = DataLoader<string, PlayableMedia | null>

/** Creates the media loader of one request. */
export function mediaLoader(pool: pg.Pool, viewerId: string | null): MediaLoader {
  return new DataLoader(async (keys) => {
    const found = await findPlayable(pool, viewerId, keys)
    const byId = new Map(found.map((media) => [media.id, media]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}
