/** What is measured, by name. */
export type Work = Record<string, () => Promise<unknown>>

const TURN = 20

/**
 * The middle of each one's times in milliseconds, of `requests` each. They take turns, so that what else the machine does
 * falls on all, of some requests each, so that no one pays for what another has pushed out of the processor's caches.
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
