import type pg from 'pg'
import { joinReads } from './join-reads.ts'

type Question = { viewerId: string | null; values: readonly string[] }

/**
 * SQL for what several viewers ask for: a relation `asked` with a row for each value, and the columns `question`, `viewer` (null if
 * signed out) and `value`.
 *
 * The subqueries hide the number of values from the planner
 * (docs/decisions/0138-few-values-hidden-from-the-planner.md).
 */
export function askedBy(type: 'uuid' | 'text'): string {
  return `unnest((SELECT $1::int[]), (SELECT $2::uuid[]), (SELECT $3::${type}[])) AS asked (question, viewer, value)`
}

/**
 * Joins reads of rows that differ between viewers (see `joinReads`).
 *
 * @param statement a prepared statement that reads from `askedBy`, takes the viewer from `asked.viewer` only, and selects
 *   `asked.question`
 * @returns a function that returns the rows for a viewer, in no particular order. They keep the column `question`, which says
 *   nothing.
 */
export function joinReadsOfViewers<Row>(statement: {
  name: string
  text: string
}): (pool: pg.Pool, viewerId: string | null, values: readonly string[]) => Promise<Row[]> {
  const read = joinReads(async (pool, questions: readonly Question[]) => {
    const asked = questions.flatMap(({ viewerId, values }, question) =>
      values.map((value) => ({ question, viewerId, value })),
    )
    const values = [
      arrayLiteral(asked.map(({ question }) => question)),
      arrayLiteral(asked.map(({ viewerId }) => viewerId)),
      asked.map(({ value }) => value),
    ]
    const { rows } = await pool.query<Row & { question: number }>({ ...statement, values })
    const answers = questions.map((): Row[] => [])
    for (const row of rows) answers[row.question]?.push(row)
    return answers
  })
  return (pool, viewerId, values) => read(pool, { viewerId, values }, values.length)
}

/**
 * An array as PostgreSQL reads it. It takes a third of the driver's time, and is right for numbers and UUIDs
 * only: JSON has other escapes for control characters.
 */
function arrayLiteral(values: readonly (number | string | null)[]): string {
  return `{${JSON.stringify(values).slice(1, -1)}}`
}
