import type pg from 'pg'
import type { RecurringJob } from '../../../platform/jobs/jobs.ts'
import { searchWords } from '../search-words/search-words.ts'

const BATCH = 200
// Few enough that stopping does not wait long.
const ROUNDS_AT_ONCE = 10
const EVERY_MS = 2_000

type Row = { id: string; texts: (string | null)[] }

// `unchanged` skips rows whose text was changed meanwhile: they already have new words.
const TABLES = {
  post: {
    read: `SELECT id, ARRAY[text] AS texts FROM post WHERE id > $1 AND text <> '' ORDER BY id LIMIT ${BATCH}`,
    unchanged: 'ARRAY[row.text]',
  },
  moblog: {
    read: `SELECT id, ARRAY[title, about] AS texts FROM moblog WHERE id > $1 ORDER BY id LIMIT ${BATCH}`,
    unchanged: 'ARRAY[row.title, row.about]',
  },
} as const

/**
 * Recomputes one batch of search words for texts that were saved before the current folding of words existed. It
 * continues where the last call stopped. Several processes may run it at the same time.
 *
 * @returns whether there may be more texts
 */
export async function backfillSearchWords(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ name: keyof typeof TABLES; afterId: string }>(
    'SELECT name, after_id AS "afterId" FROM search_backfill WHERE NOT done',
  )
  for (const { name, afterId } of rows) {
    const { rows: texts } = await pool.query<Row>(TABLES[name].read, [afterId])
    await rewrite(pool, name, texts)
    await pool.query('UPDATE search_backfill SET after_id = $2, done = $3 WHERE name = $1', [
      name,
      texts.at(-1)?.id ?? afterId,
      texts.length < BATCH,
    ])
  }
  return rows.length > 0
}

async function rewrite(pool: pg.Pool, table: keyof typeof TABLES, rows: readonly Row[]): Promise<void> {
  const entries = rows.map(({ id, texts }) => ({ id, texts, words: searchWords(...texts) }))
  await pool.query(
    `UPDATE ${table} AS row SET words = ARRAY(SELECT jsonb_array_elements_text(entry.words))
      FROM jsonb_to_recordset($1::jsonb) AS entry (id uuid, texts jsonb, words jsonb)
      WHERE row.id = entry.id AND to_jsonb(${TABLES[table].unchanged}) = entry.texts
        AND row.words IS DISTINCT FROM ARRAY(SELECT jsonb_array_elements_text(entry.words))`,
    [JSON.stringify(entries)],
  )
}

/** The job that recomputes the search words of older texts until all are done. */
export function searchBackfillJob(pool: pg.Pool): RecurringJob {
  let isLeft = true
  return {
    name: 'backfill search words',
    everyMs: EVERY_MS,
    async run() {
      for (let round = 0; isLeft && round < ROUNDS_AT_ONCE; round++) isLeft = await backfillSearchWords(pool)
    },
  }
}
