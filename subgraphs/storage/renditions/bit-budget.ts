// H.264 takes up to twice the bits of what phones record today. There are up to three sizes, and one of them is also
// stored as a file.
const TIMES_THE_ORIGINAL = 6
const IN_ANY_CASE_BYTES = 16 * 1024 ** 2

/**
 * Returns the share of the usual bit rates that the renditions of a recording may use. Together they take at most six
 * times the size of the original plus 16 MiB, however the original was compressed. Noise hardly compresses and would
 * otherwise take hundreds of times its size.
 *
 * @param usualBitsPerSecond the sum over all renditions
 * @returns a factor of at most 1
 */
export function shareOfUsualBits(
  original: { byteSize: number; durationSeconds: number },
  usualBitsPerSecond: number,
): number {
  const budget = TIMES_THE_ORIGINAL * original.byteSize + IN_ANY_CASE_BYTES
  return Math.min(1, (budget * 8) / Math.max(1, original.durationSeconds) / usualBitsPerSecond)
}
