/** Does something while no other window of the browser does the same. Pages without a secure address have no locks. */
export async function oneWindowAtATime<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? navigator.locks.request(name, work) : work()
}

/** What one window of the browser does at a time, and another one when that ends, is closed or crashes. */
export type Turns = {
  /** Waits for the turn of this window. @param isForced takes the turn from the window that has it */
  enter(isForced?: boolean): void
  /** Ends the turn of this window, or no longer waits for it. */
  leave(): void
}

/**
 * Takes turns with the other windows of the browser. Pages without a secure address have their turn as soon as they enter.
 *
 * @param begin begins the turn of this window, and returns a function that ends it
 */
export function takeTurns(name: string, begin: () => () => void): Turns {
  let current = new AbortController()
  const enter = (isForced = false) => {
    current.abort()
    current = new AbortController()
    const { signal } = current
    let hasBegun = false
    const work = async () => {
      if (signal.aborted) return
      hasBegun = true
      const end = begin()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(end())))
    }
    if (!navigator.locks) return void work()
    navigator.locks.request(name, isForced ? { steal: true } : { signal }, work).catch(() => {
      // Another window has taken the turn.
      if (hasBegun && !signal.aborted) enter()
    })
  }
  return { enter, leave: () => current.abort() }
}
