import type { Prisma } from '../../../generated/prisma/blog/client.ts'
import type { Db } from '../database.ts'

/** The columns of an unsettled post. */
export const UNSETTLED = {
  id: true,
  moblogId: true,
  state: true,
  audience: true,
  audienceListId: true,
  expiresAt: true,
  mediaIds: true,
  revision: true,
  settleAfter: true,
  version: true,
  text: true,
  contentWarning: true,
} satisfies Prisma.PostSelect

/** A post with everything that has to be reported to `communication`. */
export type UnsettledPost = Prisma.PostGetPayload<{ select: typeof UNSETTLED }>

/** Reads a post with everything that has to be reported to `communication`; null if there is none. */
export function findUnsettledPost(db: Db, id: string): Promise<UnsettledPost | null> {
  return db.post.findUnique({ where: { id }, select: UNSETTLED })
}

/** The ids of posts that are due to be reported to `communication`, longest waiting first. */
export async function findDuePosts(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM post WHERE settle_after IS NOT NULL AND settle_after <= ${now}
    ORDER BY settle_after LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** Records that `communication` knows this revision of a post. Does nothing if the post has a newer revision. */
export async function markSettled(db: Db, id: string, revision: number): Promise<void> {
  await db.post.updateMany({ where: { id, revision }, data: { settleAfter: null } })
}

/** Postpones a post that could not be settled, so that posts that were not tried yet come first. */
export async function postpone(db: Db, id: string, until: Date): Promise<void> {
  await db.post.updateMany({ where: { id, NOT: { settleAfter: null } }, data: { settleAfter: until } })
}
