import { setTimeout as sleep } from 'node:timers/promises'

// Longer than a machine with two cores stands still for a test while other suites start programs.
const PATIENCE_MS = 20_000

type Look<Value> = () => Promise<Value> | Value

// Undefined is what an expectation returns that holds.
const isFound = (value: unknown) => value === undefined || Boolean(value)

/**
 * Repeats `look` until it returns the right value, and returns this value. Without `isRight`, a value is right unless it
 * is false, null, 0 or empty, so `look` may also be an expectation such as `() => expect(…).toBe(…)`. When the time is
 * up, throws the last error of `look` or names its last value.
 */
export function eventually<Value>(look: Look<Value>, withinMs?: number): Promise<Exclude<Value, null | false>>
export function eventually<Value>(
  look: Look<Value>,
  isRight: (value: Value) => boolean,
  withinMs?: number,
): Promise<Value>
export async function eventually<Value>(
  look: Look<Value>,
  first: number | ((value: Value) => boolean) = PATIENCE_MS,
  second = PATIENCE_MS,
): Promise<unknown> {
  const [isRight, withinMs] = typeof first === 'number' ? [isFound, first] : [first, second]
  const deadline = performance.now() + withinMs
  for (let pauseMs = 5; ; pauseMs = Math.min(25, pauseMs + 1)) {
    const isLast = performance.now() > deadline
    try {
      const value = await look()
      if (isRight(value)) return value
      if (isLast) throw new Error(`the value after ${withinMs} ms is still ${JSON.stringify(value)}`)
    } catch (error) {
      if (isLast) throw error
    }
    await sleep(pauseMs)
  }
}

/** Whether a condition becomes true within some milliseconds. */
export async function happensWithin(
  withinMs: number,
  condition: () => Promise<boolean> | boolean,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await sleep(5)
  }
  return true
}
