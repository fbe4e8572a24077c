import type { Db, Pool } from '../database.ts'
import { revocationFrom } from './token-window.ts'

/** A media file that a viewer may no longer play. */
export type LostMedia = { viewerId: string; mediaId: string }

/**
 * The instant until which tokens for what some users own are revoked now. It is later than the instants of all earlier
 * revocations for these users, of whatever kind. Tokens that were issued after one of those are therefore included,
 * although instants are rounded down.
 *
 * Further revocations for these users wait until the transaction ends. Call it after all locks on users, relationships,
 * lists, posts and media, and once for all users concerned.
 */
export async function nextRevocation(tx: Db, ownerIds: readonly string[], now: Date): Promise<Date> {
  const ids = [...new Set(ownerIds)].sort()
  const rows = await tx.$queryRaw<{ until: Date }[]>`
    INSERT INTO revocation_clocks AS clock (owner_id, until)
    SELECT id, ${revocationFrom(now)}::timestamptz FROM unnest(${ids}::uuid[]) AS id ORDER BY id
    ON CONFLICT (owner_id) DO UPDATE SET until = greatest(excluded.until, clock.until + interval '1 millisecond')
    RETURNING until`
  const until = new Date(Math.max(...rows.map((row) => row.until.getTime())))
  if (ids.length > 1)
    await tx.revocationClock.updateMany({ where: { ownerId: { in: ids } }, data: { until } })
  return until
}

/** Records that viewers' tokens for some media are revoked. */
export async function saveViewerRevocations(tx: Db, lost: readonly LostMedia[], until: Date): Promise<void> {
  const viewerIds = lost.map(({ viewerId }) => viewerId)
  const mediaIds = lost.map(({ mediaId }) => mediaId)
  await tx.$executeRaw`
    INSERT INTO viewer_revocations (viewer_id, media_id, revoked_at)
    SELECT viewer_id, media_id, ${until}::timestamptz
    FROM unnest(${viewerIds}::uuid[], ${mediaIds}::uuid[]) AS lost (viewer_id, media_id) ORDER BY 1, 2
    ON CONFLICT (viewer_id, media_id) DO UPDATE SET revoked_at = excluded.revoked_at`
}

const BATCH = 5_000
const NO_LONGER_NEEDED = [
  // No media token lives longer, and new ones are dated back by less (token-window.ts).
  { table: 'viewer_revocations', key: 'viewer_id, media_id', at: 'revoked_at', keep: '9 hours' },
  // After a minute, the next revocation is later anyway, unless the clocks differ.
  { table: 'revocation_clocks', key: 'owner_id', at: 'until', keep: '1 day' },
]

/** Deletes what no longer has an effect on tokens, in small batches. */
export async function pruneRevocations(pool: Pool, now: Date): Promise<void> {
  for (const { table, key, at, keep } of NO_LONGER_NEEDED) {
    let pruned: number | null
    do {
      const { rowCount } = await pool.query(
        `DELETE FROM ${table} WHERE (${key}) IN (
           SELECT ${key} FROM ${table} WHERE ${at} < $1::timestamptz - interval '${keep}'
           LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
        [now],
      )
      pruned = rowCount
    } while (pruned === BATCH)
  }
}
