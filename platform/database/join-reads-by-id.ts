import type pg from 'pg'
import { joinReads } from './join-reads.ts'

/**
 * Joins reads of rows by id, for rows that are the same for everyone (see `joinReads`). Requests that ask for a row at the same
 * time share the object.
 *
 * @param find returns the rows with these ids, in any order
 */
export function joinReadsById<Row extends { id: string }>(
  find: (pool: pg.Pool, ids: readonly string[]) => Promise<Row[]>,
): (pool: pg.Pool, ids: readonly string[]) => Promise<Row[]> {
  const read = joinReads(async (pool, questions: readonly (readonly string[])[]) => {
    const rows = await find(pool, [...new Set(questions.flat())])
    const byId = new Map(rows.map((row) => [row.id, row]))
    return questions.map((ids) => ids.flatMap((id) => byId.get(id) ?? []))
  })
  return (pool, ids) => read(pool, ids, ids.length)
}
