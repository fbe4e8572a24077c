import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { Communication } from '../access/communication.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import type { RootDb } from '../database.ts'
import { addMissingMentions } from './missing-mentions.ts'

/** The topic of posts whose mentions could not be resolved when they were written. */
export const TOPIC = 'late-mentions'

/** The dependencies of the handler. */
export type LateMentionsDeps = {
  db: RootDb
  communication: Pick<Communication, 'userIdsByHandles'>
  reportActivity: ReportActivity
  clock: Clock
}

const message = z.object({ postId: z.string() })

/** The outbox handler that finds the users whom a post mentions. Handling a message twice has no further effect. */
export function lateMentionDelivery(deps: LateMentionsDeps) {
  return {
    async [TOPIC](payload: unknown) {
      await findLate(deps, message.parse(payload).postId)
    },
  }
}

async function findLate(deps: LateMentionsDeps, postId: string): Promise<void> {
  const { clock, reportActivity } = deps
  await addMissingMentions(deps, postId, null, async (tx, post, mentionedIds) => {
    const { moblogId: authorId, audience, audienceListId } = post
    const about = { postId, authorId, audience, audienceListId, occurredAt: clock() }
    await reportActivity(tx, { kind: 'MENTIONED', ...about, mentionedIds, unmentionedIds: [] })
  })
}
