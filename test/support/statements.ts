import pg from 'pg'

/** A statement and how often it was executed for each time that something was done. */
export type StatementCount = { statement: string; times: number }

/**
 * The SQL statements that one piece of work takes, transaction control included, found by doing it often: what runs
 * beside it, such as the job queue's own polling, does not keep step.
 *
 * @param often more often than anything else runs meanwhile
 */
export async function statementsFor(
  databaseUrl: string,
  work: () => Promise<unknown>,
  often = 25,
): Promise<StatementCount[]> {
  // One database of the server has the extension, and sees the statements of all of them.
  const statistics = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await statistics.connect()
  try {
    // Begun anew, since the extension forgets the rarest statements when it has seen too many different ones.
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
