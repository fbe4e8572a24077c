import { z } from 'zod'
import { newId } from '../../../platform/ids.ts'
import type { Db } from '../database.ts'
import type { Revocation } from './revoked-tokens.ts'

/** The PostgreSQL channel on which replicas notify each other of revocations. */
export const CHANNEL = 'storage_revocations'

const notice = z.object({
  ownerId: z.string().nullable(),
  viewerId: z.string().nullable(),
  mediaId: z.string().nullable(),
  // Missing in notices from a replica of an earlier version.
  sessionId: z.string().nullable().default(null),
  issuedUntil: z.coerce.date(),
})

/** Saves revocations and notifies all replicas. Both happen in the transaction if `db` is one. */
export async function saveRevocations(db: Db, revocations: readonly Revocation[], now: Date): Promise<void> {
  if (revocations.length === 0) return
  await db.revocation.createMany({
    data: revocations.map((revocation) => ({ ...revocation, id: newId(), createdAt: now })),
  })
  const notices = revocations.map((revocation) => JSON.stringify(revocation))
  await db.$executeRaw`SELECT pg_notify(${CHANNEL}, text) FROM unnest(${notices}::text[]) AS text`
}

/** All revocations that were saved since an instant. */
export function loadRevocations(db: Db, since: Date): Promise<Revocation[]> {
  return db.revocation.findMany({
    where: { createdAt: { gte: since } },
    select: { ownerId: true, viewerId: true, mediaId: true, sessionId: true, issuedUntil: true },
  })
}

/** Deletes revocations that match no unexpired token. */
export async function forgetRevocations(db: Db, before: Date): Promise<void> {
  await db.revocation.deleteMany({ where: { createdAt: { lt: before } } })
}

/**
 * Which of these media ids, none of which exist any more, were deleted recently. Deleting a media file saves a
 * revocation of its tokens in the same transaction.
 */
export async function deletedMediaIds(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.revocation.findMany({
    where: { mediaId: { in: [...ids] } },
    select: { mediaId: true },
  })
  return new Set(rows.flatMap(({ mediaId }) => (mediaId ? [mediaId] : [])))
}

/**
 * Whether a user's account was deleted recently. Only that revokes the tokens of all viewers for all media of an owner.
 */
export async function isAccountDeleted(db: Db, userId: string): Promise<boolean> {
  const found = await db.revocation.findFirst({
    where: { ownerId: userId, viewerId: null, mediaId: null },
    select: { id: true },
  })
  return found !== null
}

/** Parses a notice of `saveRevocations`; null if it cannot be parsed. */
export function readNotice(payload: string): Revocation | null {
  try {
    return notice.parse(JSON.parse(payload))
  } catch {
    return null
  }
}
