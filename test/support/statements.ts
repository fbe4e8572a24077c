import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** How often each statement has been executed in a database since it was made, transaction control included. */
async function countsOf(statistics: pg.Client, database: string): Promise<Map<string, number>> {
  const { rows } = await statistics.query<{ query: string; calls: string }>(
    `SELECT query, sum(calls) AS calls FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = $1) GROUP BY query`,
    [database],
  )
  return new Map(rows.map(({ query, calls }) => [query, Number(calls)]))
}

/** A statement and how often it was executed for each time that something was done. */
export type StatementCount = { statement: string; times: number }

/**
 * The SQL statements that one piece of work takes, found by doing it often. What services do on their own meanwhile,
 * such as looking for work, is found by doing nothing for as long, and taken off.
 */
export async function statementsFor(
  databaseUrl: string,
  work: () => Promise<unknown>,
  often = 20,
): Promise<StatementCount[]> {
  // One database of the server has the extension, and sees the statements of all of them.
  const statistics = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await statistics.connect()
  const database = new URL(databaseUrl).pathname.slice(1)
  try {
    const before = await countsOf(statistics, database)
    const startedAt = performance.now()
    for (let i = 0; i < often; i++) await work()
    const took = performance.now() - startedAt
    const after = await countsOf(statistics, database)
    await sleep(took)
    const idle = await countsOf(statistics, database)
    return [...after]
      .map(([statement, calls]) => {
        const beside = (idle.get(statement) ?? calls) - calls
        return { statement, times: Math.round((calls - (before.get(statement) ?? 0) - beside) / often) }
      })
      .filter(({ times }) => times > 0)
  } finally {
    await statistics.end()
  }
}
