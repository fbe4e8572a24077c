import DataLoader from 'dataloader'
import { isId } from '../ids.ts'

/**
 * Creates a loader of rows by id, which returns null for an id without a row. A text that is not a UUID matches no row,
 * and PostgreSQL cannot compare it with a column of that type, so only valid ids reach the query.
 *
 * @param find returns the rows with these ids, in any order
 * @param maxBatchSize the maximum number of ids per query
 */
export function createIdLoader<Row extends { id: string }>(
  find: (ids: string[]) => Promise<Row[]>,
  maxBatchSize = Number.POSITIVE_INFINITY,
): DataLoader<string, Row | null> {
  const load = async (ids: readonly string[]) => {
    const valid = ids.filter(isId)
    const rows = valid.length > 0 ? await find(valid) : []
    const found = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => found.get(id) ?? null)
  }
  return new DataLoader<string, Row | null>(load, { maxBatchSize })
}
