import { setImmediate } from 'node:timers/promises'

const SLICE_MS = 10

/**
 * Returns a function to call between the steps of work that takes long: once the work has run for 10 ms, it waits until
 * the process has served what arrived meanwhile.
 */
export function pauses(): () => Promise<void> {
  let started = performance.now()
  return async () => {
    if (performance.now() - started < SLICE_MS) return
    await setImmediate()
    started = performance.now()
  }
}
