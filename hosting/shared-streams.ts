import { createStreamLimit, type StreamLimit } from '../gateway/subscriptions/stream-limit.ts'
import type { AddWorker } from './shared-state.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * Limits the streams per user in all workers together. It belongs to the primary process, which all workers tell when
 * streams open and close.
 */
export function createSharedStreams(limit = createStreamLimit()): AddWorker {
  return (send) => {
    const open = new Map<number, () => void>()
    const close = (id: number) => {
      open.get(id)?.()
      open.delete(id)
    }
    return {
      receive(message) {
        if (message.kind === 'stream closed') close(message.id)
        if (message.kind !== 'stream opened') return
        const { id, userId } = message
        open.set(
          id,
          limit(userId, () => send({ kind: 'end stream', id })),
        )
      },
      forget() {
        for (const id of [...open.keys()]) close(id)
      },
    }
  }
}

/** Limits streams in a worker, by asking the primary process. */
export function createStreamReports(send: (message: FromWorker) => void): {
  limitStreams: StreamLimit
  receive(message: ToWorker): void
} {
  const ends = new Map<number, () => void>()
  let last = 0
  return {
    limitStreams(userId, end) {
      const id = ++last
      ends.set(id, end)
      send({ kind: 'stream opened', id, userId })
      return () => {
        if (ends.delete(id)) send({ kind: 'stream closed', id })
      }
    },
    receive(message) {
      if (message.kind === 'end stream') ends.get(message.id)?.()
    },
  }
}
