import { setTimeout as sleep } from 'node:timers/promises'
import { residentMemory } from './processes.ts'

/** Returns the highest growth of each process while the work runs, in bytes, in the order of `pids`. */
export async function growthDuring<Result>(
  pids: readonly number[],
  work: () => Promise<Result>,
): Promise<{ result: Result; growth: number[] }> {
  const before = pids.map(residentMemory)
  const peaks = [...before]
  let done = false
  const watching = (async () => {
    while (!done) {
      pids.forEach((pid, index) => {
        peaks[index] = Math.max(peaks[index] ?? 0, residentMemory(pid))
      })
      await sleep(20)
    }
  })()
  const result = await work().finally(() => {
    done = true
  })
  await watching
  return { result, growth: peaks.map((peak, index) => peak - (before[index] ?? 0)) }
}
