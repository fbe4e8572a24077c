type Holder = { release(): void; askToLeave(): void }

/** Locks that let one request at a time work on an upload. */
export type UploadLocks = {
  /**
   * Runs work while no other request touches the upload. The current holder of the lock is asked to leave.
   *
   * @param work receives a signal that aborts when another request waits
   * @param waiting stops waiting when it aborts
   * @throws the reason of `waiting`
   */
  hold<T>(id: string, work: (leave: AbortSignal) => Promise<T>, waiting?: AbortSignal): Promise<T>
  isHeld(id: string): boolean
}

/**
 * Creates locks without polling: a new request asks the holder to leave, and is called when the lock is free. The
 * newest request is the one whose client is still connected, so a stalled connection never blocks the next attempt.
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
      const holder = await take(id, () => leaving.abort(), waiting)
      try {
        return await work(leaving.signal)
      } finally {
        holder.release()
      }
    },
    isHeld: (id) => holders.has(id),
  }
}
