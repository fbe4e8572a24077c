import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import type { Pool } from '../database.ts'
import { handlesIn } from '../text-entities/text-entities.ts'
import { findBackfillPosition, findTextsAfter, saveBackfillPosition } from './mention-backfill-store.ts'
import { addMissingMentions, type MissingMentionsDeps } from './missing-mentions.ts'

/** The dependencies of the backfill. */
export type MentionBackfillDeps = MissingMentionsDeps & { pool: Pool }

// One post after another, so that requests of users hardly notice it.
const BATCH = 100
const EVERY_MS = 2_000

/**
 * Finds the users whom a batch of posts mention that were written before mentions were saved. It notifies nobody. A user who
 * joined after the text was written was not meant. It continues where the last call stopped; several processes may run it at
 * the same time.
 *
 * @returns whether there may be more posts
 */
async function backfillMentions(deps: MentionBackfillDeps, signal: AbortSignal): Promise<boolean> {
  const { pool } = deps
  const afterId = await findBackfillPosition(pool)
  if (afterId === null) return false
  const posts = await findTextsAfter(pool, afterId, BATCH)
  for (const { id, text } of posts) {
    if (signal.aborted) return true
    if (handlesIn(text).length === 0) continue
    await addMissingMentions(
      deps,
      id,
      ({ createdAt, editedAt }) => editedAt ?? createdAt,
      async () => {},
    )
  }
  const isDone = posts.length < BATCH
  await saveBackfillPosition(pool, posts.at(-1)?.id ?? afterId, isDone)
  return !isDone
}

/** The job that finds the mentions of older posts until all are done. */
export function mentionBackfillJob(deps: MentionBackfillDeps): RecurringJob {
  let isLeft = true
  return {
    name: 'backfill mentions',
    everyMs: EVERY_MS,
    async run(signal) {
      if (isLeft) isLeft = await backfillMentions(deps, signal)
    },
  }
}
