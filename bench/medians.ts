/** The actions to measure, by name. */
export type Work = Record<string, () => Promise<unknown>>

const TURN = 20

/**
 * Measures the median time of each action in milliseconds, over `requests` runs. The actions take turns, so that other
 * programs disturb all of them, and each turn has several runs, so that the processor's caches are warm for most of them.
 */
export async function medians(work: Work, requests: number): Promise<Record<string, number>> {
  const times = new Map(Object.keys(work).map((name) => [name, [] as number[]]))
  for (let made = -TURN; made < requests; made += TURN) {
    for (const [name, doOnce] of Object.entries(work)) {
      for (let turn = 0; turn < TURN; turn++) {
        const started = performance.now()
        await doOnce()
        if (made >= 0) times.get(name)?.push(performance.now() - started)
      }
    }
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => [name, all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN]),
  )
}
