import type { Log } from '../log.ts'
import { timerDelay } from '../timer-delay.ts'
import { failureReason } from './failure-reason.ts'
import { observeDelivery } from './observe-delivery.ts'
import type { Message, Queue } from './queue.ts'

export type Delivery = {
  /** The message's id, the same at every attempt. */
  id: string
  /** How many attempts failed before. */
  attempts: number
  /** Aborted when the process stops. */
  signal: AbortSignal
}

/** Delivers one message. It may be called again for a message that it has already delivered. */
export type Handler = (payload: unknown, delivery: Delivery) => Promise<void>

export type Topic = {
  handle: Handler
  concurrency: number
  /**
   * How many messages of one tenant are handled at a time, by all processes together. If it is set, tenants take turns:
   * first the tenant with the fewest messages being handled, then the one whose last message is longest ago.
   */
  perTenant?: number
}

/** The pauses after failures: they double from the first to the longest. */
export type Retry = { firstMs: number; longestMs: number }

type Dependencies = {
  queue: Queue
  outbox: string
  topic: string
  log: Log
  retry: Retry
  signal: AbortSignal
}

/** Delivers the messages of one topic: several keys in parallel, the messages of each key in order. */
export function createDeliveries(
  { queue, outbox, topic, log, retry, signal }: Dependencies,
  { handle, concurrency, perTenant }: Topic,
) {
  const running = new Map<string, Promise<void>>()
  let claiming: Promise<void> | undefined
  let again = false

  const pauseAfter = (attempts: number) => {
    const pause = Math.min(retry.firstMs * 2 ** attempts, retry.longestMs)
    return pause * (0.75 + Math.random() / 2) // so that messages that failed together are not retried together
  }

  const attempt = async (message: Message): Promise<void> => {
    const { id, key, payload, attempts } = message
    try {
      await observeDelivery({ outbox, topic }, message, () => handle(payload, { id, attempts, signal }))
    } catch (error) {
      const delayMs = signal.aborted ? 0 : pauseAfter(attempts)
      const reason = failureReason(error, payload)
      log.warn({ topic, id, attempts: attempts + 1, delayMs: Math.round(delayMs), reason }, 'delivery failed')
      await queue.postpone(topic, message, delayMs)
      // The due time comes from the database's clock, which started a little later.
      setTimeout(wake, timerDelay(delayMs + 20)).unref()
      return
    }
    await queue.settle(topic, message)
    log.debug({ topic, id, key }, 'delivered')
  }

  const start = (message: Message) => {
    const run = attempt(message)
      .catch((error) => log.error({ topic, id: message.id, err: error }, 'updating the outbox failed'))
      .finally(() => {
        running.delete(message.key)
        wake()
      })
    running.set(message.key, run)
  }

  const claimAll = async () => {
    do {
      again = false
      const free = concurrency - running.size
      if (free <= 0 || signal.aborted) return
      const busy = [...running.keys()]
      const messages =
        perTenant === undefined
          ? await queue.claim(topic, busy, free)
          : await queue.claimInTurn(topic, busy, free, perTenant)
      messages.forEach(start)
    } while (again)
  }

  /** Looks for messages. If it is already looking, it looks once more afterwards. */
  function wake(): void {
    again = true
    claiming ??= claimAll()
      .catch(
        (error) => signal.aborted || log.warn({ topic, reason: error.message }, 'reading the outbox failed'),
      )
      .then(() => {
        claiming = undefined
      })
  }

  return {
    wake,
    /** Resolves when no delivery is running any more. */
    async finish() {
      await claiming
      await Promise.allSettled(running.values())
    },
  }
}
