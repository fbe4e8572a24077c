import { nextInTurn, type Width } from './next-in-turn.ts'

/** Runs pieces of work, a few at a time. It takes the owners in turn, and runs each key once at a time. */
export type WorkQueue<Result> = {
  /** Starts the work of a key, or joins it if it is already waiting or running. */
  run(key: string, owner: string): Promise<Result>
  has(key: string): boolean
  /** Waits until all work that was started has ended. */
  idle(): Promise<void>
}

type Waiting = { owner: string; start: () => void }

/** Creates a queue in which the work of one owner leaves places for the other owners. */
export function createWorkQueue<Result>(
  width: Width,
  work: (key: string, owner: string) => Promise<Result>,
): WorkQueue<Result> {
  const known = new Map<string, Promise<Result>>()
  const running: string[] = []
  const waiting: Waiting[] = []
  // The owners in the order in which they were last served.
  const served = new Set<string>()

  const startNext = () => {
    for (let next = nextInTurn(waiting, running, served, width); next; ) {
      const { owner, start } = next
      waiting.splice(waiting.indexOf(next), 1)
      running.push(owner)
      served.delete(owner)
      served.add(owner)
      start()
      next = nextInTurn(waiting, running, served, width)
    }
    if (waiting.length === 0 && running.length === 0) served.clear()
  }

  const inTurn = async (key: string, owner: string) => {
    const turn = new Promise<void>((start) => waiting.push({ owner, start }))
    startNext()
    await turn
    try {
      return await work(key, owner)
    } finally {
      known.delete(key)
      running.splice(running.indexOf(owner), 1)
      startNext()
    }
  }

  return {
    run(key, owner) {
      const result = known.get(key) ?? inTurn(key, owner)
      known.set(key, result)
      return result
    },
    has: (key) => known.has(key),
    async idle() {
      while (known.size > 0) await Promise.allSettled(known.values())
    },
  }
}
