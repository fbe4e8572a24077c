import pg from 'pg'

/** A statement, and how often it was executed per run of the work. */
export type StatementCount = { statement: string; times: number }

/**
 * Finds the SQL statements of one piece of work, including transaction control, by repeating it many times. Concurrent
 * statements, such as the job queue's polling, run less often and are left out.
 *
 * @param often the number of repetitions, higher than the number of runs of any concurrent statement
 */
export async function statementsFor(
  databaseUrl: string,
  work: () => Promise<unknown>,
  often = 25,
): Promise<StatementCount[]> {
  // Only one database of the server has the extension. It sees the statements of all databases.
  const statistics = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await statistics.connect()
  try {
    // Resets the statistics, because the extension drops the rarest statements when it has seen too many different
    // ones.
    await statistics.query('SELECT pg_stat_statements_reset(0, 0, 0, false)')
    for (let i = 0; i < often; i++) await work()
    const { rows } = await statistics.query<{ statement: string; calls: string }>(
      `SELECT query AS statement, sum(calls) AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = $1) GROUP BY query`,
      [new URL(databaseUrl).pathname.slice(1)],
    )
    return rows
      .map(({ statement, calls }) => ({ statement, times: Math.floor(Number(calls) / often) }))
      .filter(({ times }) => times > 0)
  } finally {
    await statistics.end()
  }
}
