import { getHeapStatistics } from 'node:v8'

// With this heap, all caches have their full sizes. Together they then take about 300 MB.
const ROOMY_HEAP = 1_500 * 1024 ** 2

/**
 * Returns the size of a cache that clients can fill with operations which they send once: its full size, or less if the heap
 * of this process is small. With a fixed size, the caches alone would fill a heap of 256 MiB.
 */
export function cacheSize(full: number, heapLimit = getHeapStatistics().heap_size_limit): number {
  return Math.floor(full * Math.min(1, heapLimit / ROOMY_HEAP))
}
