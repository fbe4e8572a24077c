import type pg from 'pg'
import { askedBy, joinReadsOfViewers } from '../../../platform/database/join-reads-of-viewers.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import type { Showing } from './policy.ts'

/** What the decision about a media file rests on, and what a token for it states. */
export type StoredMediaFacts = {
  id: string
  ownerId: string
  durationSeconds: number | null
  hasProgressive: boolean
  hasStream: boolean
  hasPoster: boolean
  captions: { language: string; label: string }[]
  isGone: boolean
  showings: Showing[]
  /** The stored relationship of the viewer to the owner; null if the two never had one. */
  kind: RelationshipKind | null
  mediaRevokedAt: Date | null
  pairRevokedAt: Date | null
  viewerRevokedAt: Date | null
}

type StoredShowing = Omit<Showing, 'expiresAt'> & { expiresAt: string }
type Row = Omit<StoredMediaFacts, 'showings'> & { showings: StoredShowing[] | null }

// One statement reads all facts of the decision, for any number of media. A list counts only if the media's owner has it.
const readMediaFacts = joinReadsOfViewers<Row>({
  name: 'playable-media',
  text: `
  SELECT asked.question, m.id, m.owner_id AS "ownerId", m.duration_seconds AS "durationSeconds",
         m.has_progressive AS "hasProgressive", m.has_stream AS "hasStream", m.has_poster AS "hasPoster",
         m.captions, m.gone_at IS NOT NULL AS "isGone", r.kind, shown.showings,
         m.revoked_at AS "mediaRevokedAt", r.revoked_at AS "pairRevokedAt",
         v.revoked_at AS "viewerRevokedAt"
  FROM ${askedBy('uuid')} JOIN media m ON m.id = asked.value
  LEFT JOIN relationships r ON r.user_id = asked.viewer AND r.other_id = m.owner_id
  LEFT JOIN viewer_revocations v ON v.viewer_id = asked.viewer AND v.media_id = m.id
  CROSS JOIN LATERAL (
    SELECT json_agg(showing) AS showings FROM (
      SELECT posts.audience, CASE WHEN list.id IS NOT NULL THEN member.user_id IS NOT NULL END AS "isInList",
             max(coalesce(posts.expires_at, 'infinity')) AS "expiresAt"
      FROM post_media JOIN posts ON posts.id = post_media.post_id
      LEFT JOIN audience_lists list ON list.id = posts.audience_list_id AND list.owner_id = m.owner_id
      LEFT JOIN audience_list_members member ON member.list_id = list.id AND member.user_id = asked.viewer
      WHERE post_media.media_id = m.id AND posts.audience <> 'ONLY_ME'
      GROUP BY 1, 2
    ) AS showing
  ) AS shown`,
})

/** Finds what is known of media and of their owners' relationships to a viewer, in no particular order. */
export async function findMediaFacts(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<StoredMediaFacts[]> {
  const rows = await readMediaFacts(pool, viewerId, ids)
  return rows.map((row) => ({ ...row, showings: (row.showings ?? []).map(toShowing) }))
}

const toShowing = ({ audience, isInList, expiresAt }: StoredShowing): Showing => ({
  audience,
  isInList,
  expiresAt: expiresAt === 'infinity' ? null : new Date(expiresAt),
})
