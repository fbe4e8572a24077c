import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import type { Pool } from '../database.ts'
import { searchWords } from '../search-words/search-words.ts'
import { hashtagsOf } from '../text-entities/text-entities.ts'
import { findTexts, findUnfinishedTables, saveFound, saveProgress } from './search-backfill-store.ts'

const BATCH = 200
// Few enough that stopping does not wait long.
const ROUNDS_AT_ONCE = 10
const EVERY_MS = 2_000

/**
 * Recomputes one batch of search words and hashtags for texts that were saved before the current folding of words, or before
 * hashtags, existed. It
 * continues where the last call stopped. Several processes may run it at the same time.
 *
 * @returns whether there may be more texts
 */
export async function backfillSearchWords(pool: Pool): Promise<boolean> {
  const tables = await findUnfinishedTables(pool)
  for (const { name, afterId } of tables) {
    const rows = await findTexts(pool, name, afterId, BATCH)
    await saveFound(
      pool,
      name,
      rows.map((row) => ({
        ...row,
        words: searchWords(...row.texts),
        hashtags: hashtagsOf(row.texts.join('\n')),
      })),
    )
    await saveProgress(pool, name, rows.at(-1)?.id ?? afterId, rows.length < BATCH)
  }
  return tables.length > 0
}

/** The job that recomputes the search words and hashtags of older texts until all are done. */
export function searchBackfillJob(pool: Pool): RecurringJob {
  let isLeft = true
  return {
    name: 'backfill search words',
    everyMs: EVERY_MS,
    async run() {
      for (let round = 0; isLeft && round < ROUNDS_AT_ONCE; round++) isLeft = await backfillSearchWords(pool)
    },
  }
}
