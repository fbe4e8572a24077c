import type { Db } from '../database.ts'

/** A post that expires. */
export type ExpiringPost = { postId: string; ownerId: string; at: Date }

/** Finds posts that expire at an instant or before and show their media to others, longest expired first. */
export function findExpiring(db: Db, at: Date, limit: number): Promise<ExpiringPost[]> {
  return db.$queryRaw`
    SELECT id AS "postId", owner_id AS "ownerId", expires_at AS at FROM posts
    WHERE expires_at <= ${at}::timestamptz AND audience <> 'ONLY_ME' ORDER BY expires_at LIMIT ${limit}`
}

/** Locks an expired post; returns false if another process has closed it, or a report has changed it. */
export async function holdExpired(tx: Db, postId: string, now: Date): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM posts WHERE id = ${postId}::uuid AND expires_at <= ${now}::timestamptz AND audience <> 'ONLY_ME'
    FOR UPDATE`
  return held.length === 1
}

/** Takes the audience from a locked post. It keeps its revision, so that the next report of blog counts. */
export async function closePost(tx: Db, postId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE posts SET audience = 'ONLY_ME', audience_list_id = NULL WHERE id = ${postId}::uuid`
}
