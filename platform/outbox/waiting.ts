/** The part of a Prisma client that `IsWaiting` needs. */
export type Reader = {
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): PromiseLike<Rows>
}

export type IsWaiting = (db: Reader, id: string) => Promise<boolean>

/** Creates the function that returns whether the message with an id still waits for delivery in the outbox `schema`. */
export function createIsWaiting(schema: string): IsWaiting {
  const sql = `SELECT EXISTS (SELECT FROM "${schema}".message WHERE id = $1::uuid) AS "isWaiting"`
  return async (db, id) => {
    const [row] = await db.$queryRawUnsafe<{ isWaiting: boolean }[]>(sql, id)
    return row?.isWaiting ?? false
  }
}
