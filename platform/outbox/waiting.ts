/** The part of a Prisma client that is needed to look. */
export type Reader = {
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): PromiseLike<Rows>
}

export type IsWaiting = (db: Reader, id: string) => Promise<boolean>

/** Makes the function that tells whether a message of the outbox `schema`, by its id, has still to be delivered. */
export function createIsWaiting(schema: string): IsWaiting {
  const sql = `SELECT EXISTS (SELECT FROM "${schema}".message WHERE id = $1::uuid) AS "isWaiting"`
  return async (db, id) => {
    const [row] = await db.$queryRawUnsafe<{ isWaiting: boolean }[]>(sql, id)
    return row?.isWaiting ?? false
  }
}
