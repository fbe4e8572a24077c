import { setImmediate as nextIteration, setTimeout as sleep } from 'node:timers/promises'

const SLICE_MS = 4

// A request that takes longer waits for something else, or has much to do itself.
const SOON_MS = 20

// How long a turn is delayed for the sake of requests that may end soon.
const PATIENCE_MS = 5

/**
 * Returns a function to call between the steps of work that takes long: once the work has run for 4 ms, it waits until
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

/** When the requests began that may end soon, the oldest first. */
const endingSoon = new Set<{ begun: number }>()

/**
 * Notes that a request has begun. For 20 ms, the turns of work that takes long are delayed for it, because it probably ends
 * soon. It would otherwise wait for a turn of that work each time it waits for the database.
 *
 * @returns a function to call when the request has ended, or when it turns out to take long
 */
export function beginRequest(): () => void {
  const request = { begun: performance.now() }
  endingSoon.add(request)
  return () => void endingSoon.delete(request)
}

function mayOneEndSoon(): boolean {
  const oldest = performance.now() - SOON_MS
  for (const request of endingSoon) {
    if (request.begun > oldest) return true
    endingSoon.delete(request)
  }
  return false
}

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
    const patience = performance.now() + PATIENCE_MS
    while (mayOneEndSoon() && performance.now() < patience) await sleep(1)
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
