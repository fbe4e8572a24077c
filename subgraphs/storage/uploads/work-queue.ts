/** Runs pieces of work, a few at a time, and each key once at a time. */
export type WorkQueue<Result> = {
  /** Starts the work of a key, or joins it where it is waiting or running. */
  run(key: string): Promise<Result>
  has(key: string): boolean
  /** Waits for all that was started. */
  idle(): Promise<void>
}

/** Makes a queue in which at most `width` pieces of work run at the same time. */
export function createWorkQueue<Result>(
  width: number,
  work: (key: string) => Promise<Result>,
): WorkQueue<Result> {
  const running = new Map<string, Promise<Result>>()
  const waiting: (() => void)[] = []
  let free = width

  const inTurn = async (key: string) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work(key)
    } finally {
      running.delete(key)
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }

  return {
    run(key) {
      const known = running.get(key) ?? inTurn(key)
      running.set(key, known)
      return known
    },
    has: (key) => running.has(key),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running.values())
    },
  }
}
