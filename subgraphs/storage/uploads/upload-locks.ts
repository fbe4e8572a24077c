type Holder = { release(): void; askToLeave(): void }

/** One at a time for each upload. */
export type UploadLocks = {
  /**
   * Runs something while nobody else touches the upload. Whoever holds it already is asked to leave.
   *
   * @param work is given a signal that aborts when somebody else waits
   * @param waiting stops waiting when it aborts
   * @throws the reason of `waiting`
   */
  hold<T>(id: string, work: (leave: AbortSignal) => Promise<T>, waiting?: AbortSignal): Promise<T>
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
