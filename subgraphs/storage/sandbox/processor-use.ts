import { LRUCache } from 'lru-cache'

/** How much processor time media tools used lately, by owner of the media. */
export type ProcessorUse = {
  add(owner: string, cpuSeconds: number): void
  /** The niceness of the owner's next job, `least` to `most` (by default 19). */
  niceness(owner: string, least: number, most?: number): number
}

// Use counts half after this time.
const HALF_LIFE_MS = 30_000
const MAX_OWNERS = 10_000
// About what a user needs for a few photos and a short video. Uses below it hardly count, so that such a user keeps a clear
// advantage over one who occupies the processor.
const MODEST_USE_SECONDS = 8
const FOR_EACH_DOUBLING = 3
const MAX_NICENESS = 19

/**
 * Measures how much processor time each owner's jobs used, so that the jobs of an owner who used much give way to those
 * of others. Each doubling of the use lowers the priority further.
 *
 * @param now the current time in milliseconds
 */
export function createProcessorUse(now = () => performance.now()): ProcessorUse {
  const used = new LRUCache<string, { cpuSeconds: number; at: number }>({ max: MAX_OWNERS })
  const lately = (owner: string) => {
    const { cpuSeconds = 0, at = 0 } = used.get(owner) ?? {}
    return cpuSeconds * 0.5 ** ((now() - at) / HALF_LIFE_MS)
  }
  return {
    add: (owner, cpuSeconds) => void used.set(owner, { cpuSeconds: lately(owner) + cpuSeconds, at: now() }),
    niceness: (owner, least, most = MAX_NICENESS) =>
      Math.min(MAX_NICENESS, most, least + lowering(lately(owner))),
  }
}

const lowering = (cpuSeconds: number) =>
  Math.floor(FOR_EACH_DOUBLING * Math.log2(1 + cpuSeconds / MODEST_USE_SECONDS))
