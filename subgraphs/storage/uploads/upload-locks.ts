import type { LockLost, SessionLocks } from '../../../platform/database/session-locks.ts'

type Holder = { release(): void; askToLeave(): void }

/** Locks that let one request at a time work on an upload, in all processes together. */
export type UploadLocks = {
  /**
   * Runs work while no other request touches the upload. The current holder of the lock is asked to leave.
   *
   * @param work receives two signals. The first one aborts when another request waits. Both abort when the lock is lost;
   *   the work must then change nothing any more
   * @param waiting stops waiting when it aborts
   * @throws the reason of `waiting`
   */
  hold<T>(
    id: string,
    work: (leave: AbortSignal, lost: AbortSignal) => Promise<T>,
    waiting?: AbortSignal,
  ): Promise<T>
  /** Whether a request in this process holds the lock. */
  isHeld(id: string): boolean
  /** Whether a request in any process holds the lock. */
  isHeldAnywhere(id: string): Promise<boolean>
}

const lockName = (id: string) => `upload ${id}`

/**
 * Creates locks: a new request asks the holder to leave, and is called when the lock is free. The newest request is the
 * one whose client is still connected, so a stalled connection never blocks the next attempt. Requests wait first for
 * the others in this process, and then for those in other processes.
 *
 * @param shared locks of all processes; without them, other processes do not matter
 */
export function createUploadLocks(shared?: SessionLocks): UploadLocks {
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
        // Other requests are waiting already, so this one finishes its current work only.
        if (queues.has(id)) askToLeave()
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
      holder.askToLeave()
    })

  return {
    async hold(id, work, waiting) {
      const leaving = new AbortController()
      const losing = new AbortController()
      const asked = () => leaving.abort()
      const lost = (error: LockLost) => {
        losing.abort(error)
        leaving.abort(error)
      }
      const holder = await take(id, asked, waiting)
      try {
        const release = await shared?.take(lockName(id), { asked, lost }, waiting)
        try {
          return await work(leaving.signal, losing.signal)
        } finally {
          await release?.()
        }
      } finally {
        holder.release()
      }
    },
    isHeld: (id) => holders.has(id),
    isHeldAnywhere: async (id) => holders.has(id) || ((await shared?.isHeldElsewhere(lockName(id))) ?? false),
  }
}
