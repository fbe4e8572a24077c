import type { Clock } from '../../../platform/clock.ts'
import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import {
  forgetMarks,
  forgetOldestMarks,
  hasTooManyMarks,
  type SeenMark,
  saveSeenMarks,
} from './seen-mark-store.ts'

/** The dependencies of `markSeen`. */
export type MarkingSeen = Pick<AccessModule, 'hiddenUserIds'> & { pool: Pool; clock: Clock }

/**
 * Sets the viewer's marks in different moblogs. If there are too many then, marks in the moblogs of users who do not exist for the
 * viewer are forgotten before others: the loss of another one would show that these users still exist.
 */
export async function markSeen(
  { pool, clock, hiddenUserIds }: MarkingSeen,
  viewerId: string,
  marks: readonly SeenMark[],
  context: Context,
): Promise<void> {
  const isNew = await saveSeenMarks(pool, viewerId, marks, clock())
  if (!isNew || !(await hasTooManyMarks(pool, viewerId))) return
  await forgetMarks(pool, viewerId, await hiddenUserIds(context))
  await forgetOldestMarks(pool, viewerId)
}
