import type { Prisma } from '../../generated/prisma/communication/client.ts'

type Transaction = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/** How often something may be done: `limit` times at once, and as often again in each period. */
export type Allowance = { limit: number; perSeconds: number }

/**
 * Uses up one of an allowance (a leaky bucket), held in the database so that all replicas share it. The row stays locked
 * until the transaction ends.
 *
 * @param key what is limited and for whom
 * @returns false where nothing is left
 */
export async function takeAllowance(
  tx: Transaction,
  key: string,
  { limit, perSeconds }: Allowance,
  now: Date,
): Promise<boolean> {
  const leak = limit / perSeconds
  const taken = await tx.$queryRaw<unknown[]>`
    INSERT INTO allowances AS a (key, used, updated_at) VALUES (${key}, 1, ${now}::timestamptz)
    ON CONFLICT (key) DO UPDATE SET
      used = greatest(0, a.used - ${leak}::float8
        * greatest(0, extract(epoch FROM excluded.updated_at - a.updated_at)::float8)) + 1,
      updated_at = greatest(a.updated_at, excluded.updated_at)
    WHERE greatest(0, a.used - ${leak}::float8
        * greatest(0, extract(epoch FROM excluded.updated_at - a.updated_at)::float8)) + 1 <= ${limit}::float8
    RETURNING 1`
  return taken.length > 0
}

/** Uses up more of an allowance that was taken from before, also beyond what is left. */
export async function chargeAllowance(tx: Transaction, key: string, amount: number): Promise<void> {
  await tx.$executeRaw`UPDATE allowances SET used = used + ${amount}::float8 WHERE key = ${key}`
}
