import pg from 'pg'

/** How often each statement has been executed in a database since it was made, transaction control included. */
async function countsOf(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ query: string; calls: string }>(
    `SELECT query, sum(calls) AS calls FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY query`,
  )
  return new Map(rows.map(({ query, calls }) => [query, Number(calls)]))
}

/** A statement and how often it was executed for each time that something was done. */
export type StatementCount = { statement: string; times: number }

/**
 * The SQL statements that one piece of work takes, found by doing it often: what runs beside it, such as the job
 * queue's own polling, does not keep step.
 *
 * @param often large enough for what runs beside to be less than half as often
 */
export async function statementsFor(
  databaseUrl: string,
  work: () => Promise<unknown>,
  often = 20,
): Promise<StatementCount[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const before = await countsOf(client)
    for (let i = 0; i < often; i++) await work()
    const after = await countsOf(client)
    return [...after]
      .map(([statement, calls]) => ({
        statement,
        times: Math.round((calls - (before.get(statement) ?? 0)) / often),
      }))
      .filter(({ times }) => times > 0)
  } finally {
    await client.end()
  }
}
