import { setTimeout as sleep } from 'node:timers/promises'

/** Repeats a check until the value is as expected. Throws the last value when time is up. */
export async function eventually<Value>(
  look: () => Promise<Value> | Value,
  isRight: (value: Value) => boolean,
  withinMs = 5_000,
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await look()
    if (isRight(value)) return value
    if (performance.now() > deadline)
      throw new Error(`the value after ${withinMs} ms is still ${JSON.stringify(value)}`)
    await sleep(25)
  }
}
