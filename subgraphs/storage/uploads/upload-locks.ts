import type { Lock, Locker } from '@tus/server'

type Holder = { release(): void; askToLeave(): Promise<void> | void }

/** One writer per upload: `@tus/server`'s locker, and the same locks for everything else that touches an upload. */
export type UploadLocks = Locker & {
  /** Runs something while nobody else touches the upload; a request that is receiving for it is asked to stop. */
  hold<T>(id: string, work: () => Promise<T>): Promise<T>
  isHeld(id: string): boolean
}

/**
 * Locks that nobody spins for: whoever comes asks the holder to leave and waits to be called. The newest request is
 * the one whose client is still there, so that a stalled connection never costs the next attempt.
 */
export function createUploadLocks(): UploadLocks {
  const holders = new Map<string, Holder>()
  const queues = new Map<string, (() => void)[]>()

  const leave = (id: string) => {
    holders.delete(id)
    const next = queues.get(id)?.shift()
    if (queues.get(id)?.length === 0) queues.delete(id)
    next?.()
  }

  const take = (id: string, askToLeave: Holder['askToLeave'], signal?: AbortSignal): Promise<Holder> =>
    new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', giveUp)
        let isHeld = true
        const holder = {
          askToLeave,
          release() {
            if (isHeld) leave(id)
            isHeld = false
          },
        }
        holders.set(id, holder)
        // Others are waiting already: this one may finish what is at hand and no more.
        if (queues.has(id)) void askToLeave()
        resolve(holder)
      }
      const giveUp = () => {
        const queue = queues.get(id)?.filter((waiting) => waiting !== enter) ?? []
        if (queue.length > 0) queues.set(id, queue)
        else queues.delete(id)
        reject(signal?.reason)
      }
      const holder = holders.get(id)
      if (!holder) return enter()
      if (signal?.aborted) return reject(signal.reason)
      queues.set(id, [...(queues.get(id) ?? []), enter])
      signal?.addEventListener('abort', giveUp, { once: true })
      void holder.askToLeave()
    })

  return {
    newLock(id): Lock {
      let holder: Holder | undefined
      return {
        async lock(signal, cancel) {
          holder = await take(id, cancel, signal)
        },
        async unlock() {
          holder?.release()
        },
      }
    },
    async hold(id, work) {
      const holder = await take(id, () => {})
      try {
        return await work()
      } finally {
        holder.release()
      }
    },
    isHeld: (id) => holders.has(id),
  }
}
