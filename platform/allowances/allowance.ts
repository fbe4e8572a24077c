/** Runs a statement in the schema of a service, which has a table `allowances`. */
export type RunStatement = (text: string, values: unknown[]) => Promise<readonly unknown[]>

/** Prisma's way to run a statement whose text is not a template; the values are parameters. */
type PrismaConnection = { $queryRawUnsafe<Rows>(text: string, ...values: unknown[]): PromiseLike<Rows> }

/** Runs statements through a Prisma client, or within one of its transactions. */
export function throughPrisma(db: PrismaConnection): RunStatement {
  return async (text, values) => db.$queryRawUnsafe<unknown[]>(text, ...values)
}

/** How often something may be done: `limit` times at once, and as often again in each period. */
export type Allowance = { limit: number; perSeconds: number }

// What is used of a bucket after what has leaked out of it since.
const LEAKED = `greatest(0, a.used - $3::float8
  * greatest(0, extract(epoch FROM excluded.updated_at - a.updated_at)::float8))`

const TAKE = `INSERT INTO allowances AS a (key, used, updated_at)
  SELECT $1, 1, $2::timestamptz FROM settings
  ON CONFLICT (key) DO UPDATE SET used = ${LEAKED} + 1, updated_at = greatest(a.updated_at, excluded.updated_at)
  WHERE ${LEAKED} + 1 <= $4::float8
  RETURNING 1`

const DURABLE = 'WITH settings AS (SELECT 1)'
// The transaction does not wait for the disk. A crash of the database forgets some tenths of a second of counting.
const QUICK = "WITH settings AS (SELECT set_config('synchronous_commit', 'off', true))"

/**
 * Uses up one of an allowance (a leaky bucket), held in the database so that all replicas share it. In a transaction the
 * row stays locked until it ends.
 *
 * @param key what is limited and for whom
 * @param isDurable whether the transaction waits until the count is on disk
 * @returns how many seconds to wait until something is left; 0 where one was taken
 */
export async function takeAllowance(
  run: RunStatement,
  key: string,
  { limit, perSeconds }: Allowance,
  now: Date,
  isDurable = true,
): Promise<number> {
  const leak = limit / perSeconds
  const values = [key, now.toISOString(), leak, limit]
  if ((await run(`${isDurable ? DURABLE : QUICK} ${TAKE}`, values)).length > 0) return 0
  const [row] = (await run(
    `SELECT greatest(0, (used + 1 - $3::float8) / $2::float8
       - greatest(0, extract(epoch FROM $4::timestamptz - updated_at)::float8))::float8 AS seconds
     FROM allowances WHERE key = $1`,
    [key, leak, limit, now.toISOString()],
  )) as { seconds: number }[]
  return Math.max(1, Math.ceil(row?.seconds ?? 0))
}

/** Uses up more of an allowance that was taken from before, also beyond what is left. */
export async function chargeAllowance(run: RunStatement, key: string, amount: number): Promise<void> {
  await run('UPDATE allowances SET used = used + $2::float8 WHERE key = $1 RETURNING 1', [key, amount])
}

/** Forgets allowances that have not been touched since an instant: what was used of them has come back. */
export async function forgetAllowances(run: RunStatement, before: Date): Promise<void> {
  await run('DELETE FROM allowances WHERE updated_at < $1::timestamptz', [before.toISOString()])
}
