/** Lets a few run at a time; the others wait for their turn, in order. */
export type Turns = {
  /** Resolves when it is this one's turn; the result gives it back. Rejects if the signal aborts before. */
  take(signal: AbortSignal): Promise<() => void>
}

export function createTurns(most: number): Turns {
  let running = 0
  const waiting: (() => void)[] = []
  const give = () => {
    running -= 1
    waiting.shift()?.()
  }
  return {
    async take(signal) {
      signal.throwIfAborted()
      if (running >= most) {
        await new Promise<void>((resolve, reject) => {
          const start = () => {
            signal.removeEventListener('abort', leave)
            resolve()
          }
          const leave = () => {
            waiting.splice(waiting.indexOf(start), 1)
            reject(signal.reason)
          }
          waiting.push(start)
          signal.addEventListener('abort', leave, { once: true })
        })
      }
      running += 1
      let isGiven = false
      return () => {
        if (isGiven) return
        isGiven = true
        give()
      }
    },
  }
}
