/** Runs a statement in a service's schema, which must have a table `allowances`. */
export type RunStatement = (text: string, values: unknown[]) => Promise<readonly unknown[]>

/** The Prisma method that runs a statement whose text is not a template. The values are parameters. */
type PrismaConnection = { $queryRawUnsafe<Rows>(text: string, ...values: unknown[]): PromiseLike<Rows> }

/** Runs statements through a Prisma client or in one of its transactions. */
export function throughPrisma(db: PrismaConnection): RunStatement {
  return async (text, values) => db.$queryRawUnsafe<unknown[]>(text, ...values)
}

/** A rate limit: `limit` uses at once, and as many again in each period of `perSeconds` seconds. */
export type Allowance = { limit: number; perSeconds: number }

// How much of the bucket is used: the last count minus what has leaked out since then.
const LEAKED = `greatest(0, a.used - $3::float8
  * greatest(0, extract(epoch FROM excluded.updated_at - a.updated_at)::float8))`

const TAKE = `INSERT INTO allowances AS a (key, used, updated_at)
  SELECT $1, 1, $2::timestamptz FROM settings
  ON CONFLICT (key) DO UPDATE SET used = ${LEAKED} + 1, updated_at = greatest(a.updated_at, excluded.updated_at)
  WHERE ${LEAKED} + 1 <= $4::float8
  RETURNING 1`

const DURABLE = 'WITH settings AS (SELECT 1)'
// The transaction does not wait for the disk. A database crash loses the counts of the last few tenths of a second.
const QUICK = "WITH settings AS (SELECT set_config('synchronous_commit', 'off', true))"

/**
 * Takes one use from a rate limit (a leaky bucket). The bucket is in the database, so all replicas share it. In a
 * transaction, its row stays locked until the transaction ends.
 *
 * @param key names what is limited, and for whom
 * @param isDurable whether the transaction waits until the count is on disk
 * @returns 0 if a use was taken, otherwise how many seconds to wait until one is free
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

/** Takes more uses from a rate limit that was used before, even if fewer are left. */
export async function chargeAllowance(run: RunStatement, key: string, amount: number): Promise<void> {
  await run('UPDATE allowances SET used = used + $2::float8 WHERE key = $1 RETURNING 1', [key, amount])
}

// More than this many periods of use are not counted, so nobody has to wait longer.
const MOST_PERIODS = 10

const SHARE = `INSERT INTO allowances AS a (key, used, updated_at)
  SELECT key, share, now() FROM settings, unnest($1::text[], $2::float8[]) AS use (key, share) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    used = least($3::float8, greatest(0, a.used - extract(epoch FROM now() - a.updated_at)::float8 / 60) + excluded.used),
    updated_at = now()
  RETURNING key, used AS share`

/**
 * Adds uses to rate limits that several processes count by themselves, and returns how much of each is used by all of
 * them. A share of 1 is the whole limit, which is free again after a minute.
 *
 * @param uses with different keys
 */
export async function shareAllowances(
  run: RunStatement,
  uses: readonly { key: string; share: number }[],
): Promise<{ key: string; share: number }[]> {
  if (uses.length === 0) return []
  const values = [uses.map(({ key }) => key), uses.map(({ share }) => share), MOST_PERIODS]
  return (await run(`${QUICK} ${SHARE}`, values)) as { key: string; share: number }[]
}

/** Deletes rate limits that were not used since `before`: all their uses are free again. */
export async function forgetAllowances(run: RunStatement, before: Date): Promise<void> {
  await run('DELETE FROM allowances WHERE updated_at < $1::timestamptz', [before.toISOString()])
}
