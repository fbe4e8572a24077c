import type { Pool } from '../database.ts'

/** A table with texts that search finds. */
export type SearchedTable = 'post' | 'moblog'

/** A row and its texts. */
export type SearchedRow = { id: string; texts: (string | null)[] }

/** What is computed from the texts of a row. Only posts have hashtags. */
export type FoundInTexts = { words: string[]; hashtags: string[] }

// `unchanged` skips rows whose text was changed meanwhile: they already have new words.
const TABLES = {
  post: {
    columns: ['words', 'hashtags'],
    read: "SELECT id, ARRAY[text] AS texts FROM post WHERE id > $1 AND text <> '' ORDER BY id LIMIT $2",
    unchanged: 'ARRAY[row.text]',
  },
  moblog: {
    columns: ['words'],
    read: 'SELECT id, ARRAY[title, about] AS texts FROM moblog WHERE id > $1 ORDER BY id LIMIT $2',
    unchanged: 'ARRAY[row.title, row.about]',
  },
} as const satisfies Record<SearchedTable, object>

/** The tables in which older texts are left, and the last row with new words in each. */
export async function findUnfinishedTables(pool: Pool): Promise<{ name: SearchedTable; afterId: string }[]> {
  const { rows } = await pool.query<{ name: SearchedTable; afterId: string }>(
    'SELECT name, after_id AS "afterId" FROM search_backfill WHERE NOT done',
  )
  return rows
}

/** The texts of a table after a row, in the order of ids. */
export async function findTexts(
  pool: Pool,
  table: SearchedTable,
  afterId: string,
  limit: number,
): Promise<SearchedRow[]> {
  const { rows } = await pool.query<SearchedRow>(TABLES[table].read, [afterId, limit])
  return rows
}

/** Saves what was computed from rows whose texts are still the same. */
export async function saveFound(
  pool: Pool,
  table: SearchedTable,
  rows: readonly (SearchedRow & FoundInTexts)[],
): Promise<void> {
  const { columns, unchanged } = TABLES[table]
  const found = (column: string) => `ARRAY(SELECT jsonb_array_elements_text(entry.${column}))`
  await pool.query(
    `UPDATE ${table} AS row SET ${columns.map((column) => `${column} = ${found(column)}`).join()}
      FROM jsonb_to_recordset($1::jsonb) AS entry (id uuid, texts jsonb, words jsonb, hashtags jsonb)
      WHERE row.id = entry.id AND to_jsonb(${unchanged}) = entry.texts
        AND (${columns.map((column) => `row.${column} IS DISTINCT FROM ${found(column)}`).join(' OR ')})`,
    [JSON.stringify(rows)],
  )
}

/** Records the last row of a table with new words, and whether no older texts are left. */
export async function saveProgress(
  pool: Pool,
  table: SearchedTable,
  afterId: string,
  isDone: boolean,
): Promise<void> {
  await pool.query('UPDATE search_backfill SET after_id = $2, done = $3 WHERE name = $1', [
    table,
    afterId,
    isDone,
  ])
}
