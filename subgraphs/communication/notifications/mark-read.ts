import type { MarkNotificationsReadInput } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import { isId } from '../../../platform/ids.ts'
import { invalidInput } from '../failures.ts'

const MAX_IDS = 100

/** Which notifications were read: the listed ones, or one and all before it. */
export type Marked = { ids: string[] } | { upTo: string }

/** Validates which notifications to mark as read. */
export function readMarked({
  ids,
  upTo,
}: MarkNotificationsReadInput): Marked | ReturnType<typeof invalidInput> {
  if ((ids == null) === (upTo == null))
    return invalidInput('input', 'Send either "ids" or "upTo", and not both.')
  if (upTo != null)
    return isId(upTo)
      ? { upTo }
      : invalidInput('input.upTo', 'A notification id is not a UUID. Send ids of your notifications.')
  const given = ids ?? []
  if (given.length > MAX_IDS)
    return invalidInput(
      'input.ids',
      `The request has ${given.length} ids; the limit is ${MAX_IDS}. Split it.`,
    )
  return given.every(isId)
    ? { ids: [...given] }
    : invalidInput('input.ids', 'A notification id is not a UUID. Send ids of your notifications.')
}

/**
 * Marks a user's notifications as read; those that are already read keep their time.
 *
 * @returns false if the notification `upTo` does not exist
 */
export async function markRead(
  db: PrismaClient,
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

async function findPosition(db: PrismaClient, userId: string, id: string): Promise<bigint | null> {
  const found = await db.notification.findFirst({ where: { id, userId }, select: { position: true } })
  return found?.position ?? null
}
