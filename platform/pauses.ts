import { setImmediate as nextIteration } from 'node:timers/promises'

const SLICE_MS = 10

/**
 * Returns a function to call between the steps of work that takes long: once the work has run for 10 ms, it waits until
 * the process has served what arrived meanwhile.
 */
export function pauses(): () => Promise<void> {
  let started = performance.now()
  return async () => {
    if (performance.now() - started < SLICE_MS) return
    await nextTurn()
    started = performance.now()
  }
}

const waiting: (() => void)[] = []

/**
 * Waits until the process has served what arrived meanwhile, and until those that began to wait earlier have had their
 * turn. Timers and `setImmediate` are not enough for that: Node runs all that are due one after the other, however many
 * there are, before it looks for requests again.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) void giveTurns()
  })
}

async function giveTurns(): Promise<void> {
  while (waiting.length > 0) {
    await nextIteration()
    const started = performance.now()
    // Many short turns fit between two looks for requests.
    do {
      waiting[0]?.()
      await untilAtRest()
      waiting.shift()
    } while (waiting.length > 0 && performance.now() - started < SLICE_MS)
  }
}

/** Resolves when the work that was resumed has ended or waits for something else. */
function untilAtRest(): Promise<void> {
  // Node runs all promise reactions, also those that follow from others, before it runs this.
  return new Promise((resolve) => process.nextTick(resolve))
}
