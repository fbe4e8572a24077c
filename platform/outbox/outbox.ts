/**
 * A transactional outbox. Messages are stored in the same transaction as the change that causes them. They are
 * delivered at least once, in order per key, and retried until they succeed. It also serves background jobs with
 * retries.
 *
 * We do not use pg-boss (12.38, tried with `key_strict_fifo` and `notify`), because it
 * - orders the jobs of a key by the start time of their transactions and then by a random id: eight jobs sent in one
 *   transaction came as 2, 0, ...; and jobs of one key were taken up seconds apart;
 * - takes a job from a killed process only when the job expires (10 s at least), while a lock of the database session
 *   ends at once;
 * - costs 50 ms to load and 120 to 200 ms to start for three services. Its delivery latency was as short (2 ms).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { migrate } from '../database/migrate.ts'
import { openSession } from '../database/session.ts'
import type { Log } from '../log.ts'
import { createDeliveries, type Handler, type Retry, type Topic } from './deliveries.ts'
import { createEnqueue, type Enqueue } from './enqueue.ts'
import { observeOutbox } from './observe-delivery.ts'
import { createQueue } from './queue.ts'

const migrations = fileURLToPath(new URL('./migrations', import.meta.url))

// Polling finds messages without a notification: those that a killed process left, and those that become due later.
const pollMs = 1000
const stopMs = 5000

type Options = {
  url: string
  /**
   * A PostgreSQL schema that only the outbox uses, such as `storage_jobs`. It is created, with its table, if necessary.
   */
  schema: string
  log: Log
  /**
   * The handlers by topic. Up to 4 messages of a topic, with different keys, are handled at a time, unless
   * `concurrency` is set.
   */
  handlers: Readonly<Record<string, Handler | Topic>>
  retry?: Retry
}

export type Outbox = {
  enqueue: Enqueue
  /** Stops delivering. It waits 5 s for running deliveries; unfinished ones are delivered again later. */
  stop(): Promise<void>
}

/** Opens a service's outbox and starts delivering. Several processes may do so on one database. */
export async function openOutbox({ url, schema, log, handlers, retry }: Options): Promise<Outbox> {
  await migrate({ url, schema, directory: migrations })
  const stopping = new AbortController()
  const { signal } = stopping
  const deliveries = new Map<string, ReturnType<typeof createDeliveries>>()
  const wakeAll = () => {
    for (const delivery of deliveries.values()) delivery.wake()
  }

  const applicationName = `moblog outbox ${schema}`
  const session = await openSession({
    url,
    log,
    applicationName,
    channel: schema,
    onNotice: (topic) => deliveries.get(topic)?.wake(),
    onListening: wakeAll,
  })
  const queue = createQueue(session, schema, applicationName)
  for (const [topic, handler] of Object.entries(handlers)) {
    const options = typeof handler === 'function' ? { handle: handler, concurrency: 4 } : handler
    const pauses = retry ?? { firstMs: 200, longestMs: 60_000 }
    deliveries.set(
      topic,
      createDeliveries({ queue, outbox: schema, topic, log, retry: pauses, signal }, options),
    )
  }
  const leaveMetrics = observeOutbox(schema, Object.keys(handlers), queue.depths)
  wakeAll()
  const poll = setInterval(wakeAll, pollMs)

  return {
    enqueue: createEnqueue(schema),
    async stop() {
      clearInterval(poll)
      leaveMetrics()
      stopping.abort()
      const finished = Promise.all([...deliveries.values()].map((delivery) => delivery.finish()))
      await Promise.race([finished, sleep(stopMs, undefined, { ref: false })])
      await session.close()
    },
  }
}
