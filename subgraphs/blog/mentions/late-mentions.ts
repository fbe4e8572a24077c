import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { Communication } from '../access/communication.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { handlesIn } from '../text-entities/text-entities.ts'
import { addMentions, findMentioningPost, findMentionsIn, lockVersion } from './mention-store.ts'

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

async function findLate(
  { db, communication, reportActivity, clock }: LateMentionsDeps,
  postId: string,
): Promise<void> {
  const post = await findMentioningPost(db, postId)
  if (!post || post.state === 'DELETED') return
  const known = await findMentionsIn(db, postId)
  const unknown = handlesIn(post.text).filter((handle) => !known.has(handle))
  if (unknown.length === 0) return
  const users = await communication.userIdsByHandles(post.moblogId, unknown)
  if (users.size === 0) return
  await inTransaction(db, async (tx) => {
    // An edit since then has looked for the users itself.
    const state = await lockVersion(tx, post)
    if (state === null || state === 'DELETED') return
    await addMentions(tx, postId, users)
    // The mentions of a post that is not published yet are reported when it is.
    if (state !== 'PUBLISHED') return
    const { moblogId: authorId, audience, audienceListId } = post
    const mentionedIds = [...new Set([...known.values(), ...users.values()])]
    const about = { postId, authorId, audience, audienceListId, occurredAt: clock() }
    await reportActivity(tx, { kind: 'MENTIONED', ...about, mentionedIds, unmentionedIds: [] })
  })
}
