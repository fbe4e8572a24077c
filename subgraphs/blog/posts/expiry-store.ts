import type { Db } from '../database.ts'

/** A published post that expires. */
export type ExpiringPost = { id: string; moblogId: string; at: Date }

/** Finds published posts that expire at an instant or before, longest expired first. */
export function findExpiringPosts(db: Db, at: Date, limit: number): Promise<ExpiringPost[]> {
  return db.$queryRaw`
    SELECT id, moblog_id AS "moblogId", expires_at AS at FROM post
    WHERE published_at IS NOT NULL AND expires_at <= ${at} ORDER BY expires_at LIMIT ${limit}`
}
