import { z } from 'zod'

/**
 * Delivers all messages of a topic now that wait after failures. Call it when the receiver is reachable again.
 *
 * @returns the payloads of all messages that are not delivered yet
 */
export type Resume = (topic: string) => Promise<unknown[]>

const messages = z.array(z.object({ payload: z.unknown() }))

/**
 * Creates the function that makes the messages of the outbox `schema` due, as if none had failed.
 *
 * @param run runs a statement on the database of the outbox
 */
export function createResume(
  schema: string,
  run: (text: string, values: unknown[]) => Promise<unknown[]>,
): Resume {
  return async (topic) => {
    const rows = await run(
      `UPDATE "${schema}".message SET due_at = least(due_at, now()), attempts = 0 WHERE topic = $1 RETURNING payload`,
      [topic],
    )
    await run('SELECT pg_notify($1, $2)', [schema, topic])
    return messages.parse(rows).map(({ payload }) => payload)
  }
}
