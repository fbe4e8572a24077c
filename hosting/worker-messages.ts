import { z } from 'zod'

const turnQueue = z.object({ name: z.string(), atOnce: z.int().min(1), ofEachOwner: z.int().min(1) })

const queryRegistered = z.object({ kind: z.literal('query registered'), key: z.string(), query: z.string() })

/** What a worker reports to the primary process. */
const fromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.int() }),
  z.object({ kind: z.literal('stream opened'), id: z.int(), userId: z.string() }),
  z.object({ kind: z.literal('stream closed'), id: z.int() }),
  z.object({ kind: z.literal('turn wanted'), id: z.int(), queue: turnQueue, owner: z.string() }),
  z.object({ kind: z.literal('turn over'), id: z.int() }),
  queryRegistered,
])
export type FromWorker = z.infer<typeof fromWorker>

/** What the primary process asks a worker to do. */
const toWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('end stream'), id: z.int() }),
  z.object({ kind: z.literal('turn granted'), id: z.int() }),
  queryRegistered,
])
export type ToWorker = z.infer<typeof toWorker>

/** Returns the message of a worker; null if it is another message, for example of a library. */
export function readFromWorker(message: unknown): FromWorker | null {
  return fromWorker.safeParse(message).data ?? null
}

/** Returns the message of the primary process; null if it is another message. */
export function readToWorker(message: unknown): ToWorker | null {
  return toWorker.safeParse(message).data ?? null
}
