import type pg from 'pg'
import type { Audience } from '../../../generated/graphql/internal/communication.ts'
import type { RelationshipKind } from '../people/relationship.ts'

/** What the decision about a media file rests on, and what a token for it states. */
export type StoredMediaFacts = {
  id: string
  ownerId: string
  durationSeconds: number | null
  hasProgressive: boolean
  hasStream: boolean
  hasPoster: boolean
  captions: { language: string; label: string }[]
  audience: Audience
  isGone: boolean
  /** The stored relationship of the viewer to the owner; null if the two never had one. */
  kind: RelationshipKind | null
  mediaRevokedAt: Date | null
  pairRevokedAt: Date | null
}

// One statement reads all facts of the decision, for any number of media.
const SELECT_MEDIA = `
  SELECT m.id, m.owner_id AS "ownerId", m.duration_seconds AS "durationSeconds",
         m.has_progressive AS "hasProgressive", m.has_stream AS "hasStream", m.has_poster AS "hasPoster",
         m.captions,
         m.audience, m.gone_at IS NOT NULL AS "isGone", r.kind,
         m.revoked_at AS "mediaRevokedAt", r.revoked_at AS "pairRevokedAt"
  FROM media m LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = m.owner_id
  WHERE m.id = ANY($2::uuid[])`

/** Finds what is known of media and of their owners' relationships to a viewer, in no particular order. */
export async function findMediaFacts(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<StoredMediaFacts[]> {
  const values = [viewerId, ids]
  const { rows } = await pool.query<StoredMediaFacts>({ name: 'playable-media', text: SELECT_MEDIA, values })
  return rows
}
