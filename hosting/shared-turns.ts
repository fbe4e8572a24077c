import type { TakeTurn } from '../platform/service.ts'
import { createWorkQueue, type WorkQueue } from '../platform/turns/work-queue.ts'
import type { AddWorker } from './shared-state.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * Gives turns to pieces of work in all workers together: a few at a time, and to owners in turn. It belongs to the
 * primary process. The turns of a worker that has ended are free again.
 */
export function createSharedTurns(): AddWorker {
  const queues = new Map<string, WorkQueue<void>>()
  const starts = new Map<string, () => Promise<void>>()
  let last = 0

  const queueOf = ({ queue }: Extract<FromWorker, { kind: 'turn wanted' }>) => {
    const known = queues.get(queue.name)
    if (known) return known
    const created = createWorkQueue<void>(queue, async (key) => {
      const start = starts.get(key)
      starts.delete(key)
      await start?.()
    })
    queues.set(queue.name, created)
    return created
  }

  return (send) => {
    const ends = new Map<number, () => void>()
    return {
      receive(message) {
        if (message.kind === 'turn over') {
          ends.get(message.id)?.()
          ends.delete(message.id)
        }
        if (message.kind !== 'turn wanted') return
        const { id, owner } = message
        const over = Promise.withResolvers<void>()
        ends.set(id, over.resolve)
        const key = String(++last)
        starts.set(key, () => {
          send({ kind: 'turn granted', id })
          return over.promise
        })
        void queueOf(message).run(key, owner)
      },
      forget() {
        for (const end of ends.values()) end()
        ends.clear()
      },
    }
  }
}

/** Takes turns in a worker, by asking the primary process. */
export function createTurnRequests(send: (message: FromWorker) => void): {
  takeTurn: TakeTurn
  receive(message: ToWorker): void
} {
  const granted = new Map<number, () => void>()
  let last = 0
  return {
    takeTurn(queue, owner) {
      const id = ++last
      return new Promise((resolve) => {
        granted.set(id, () => resolve(() => send({ kind: 'turn over', id })))
        send({ kind: 'turn wanted', id, queue, owner })
      })
    },
    receive(message) {
      if (message.kind !== 'turn granted') return
      granted.get(message.id)?.()
      granted.delete(message.id)
    },
  }
}
