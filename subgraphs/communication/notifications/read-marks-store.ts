import type { RootDb } from '../database.ts'
import type { Marked } from './mark-read.ts'

/**
 * Marks a user's notifications as read; those that are already read keep their time.
 *
 * @returns false if the notification `upTo` does not exist
 */
export async function markRead(
  db: RootDb,
  { userId, marked, now }: { userId: string; marked: Marked; now: Date },
): Promise<boolean> {
  const upTo = 'upTo' in marked ? await findPosition(db, userId, marked.upTo) : null
  if ('upTo' in marked && upTo === null) return false
  const only = 'ids' in marked ? marked.ids : null
  // Rows are locked in one order, so two devices that mark at the same time do not deadlock.
  await db.$executeRaw`
    WITH held AS (
      SELECT user_id, position FROM notifications
      WHERE user_id = ${userId}::uuid AND read_at IS NULL
        AND (${upTo}::bigint IS NULL OR position <= ${upTo}::bigint)
        AND (${only}::uuid[] IS NULL OR id = ANY(${only}::uuid[]))
      ORDER BY position FOR UPDATE
    )
    UPDATE notifications n SET read_at = ${now}::timestamptz FROM held
    WHERE n.user_id = held.user_id AND n.position = held.position`
  return true
}

async function findPosition(db: RootDb, userId: string, id: string): Promise<bigint | null> {
  const found = await db.notification.findFirst({ where: { id, userId }, select: { position: true } })
  return found?.position ?? null
}
