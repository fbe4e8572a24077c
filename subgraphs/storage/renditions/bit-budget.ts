// H.264 takes up to twice the bits of what phones record today, in up to three sizes, one of them once more as a file.
const TIMES_THE_ORIGINAL = 6
const IN_ANY_CASE_BYTES = 16 * 1024 ** 2

/**
 * How much of the bits that variants of their sizes usually get these may have: the variants of a recording take at most
 * six times what it takes and 16 MiB, however it was compressed. Noise, which hardly compresses, would take hundreds of
 * times as much otherwise.
 *
 * @param usualBitsPerSecond of all variants together
 * @returns a factor of at most 1
 */
export function shareOfUsualBits(
  original: { byteSize: number; durationSeconds: number },
  usualBitsPerSecond: number,
): number {
  const budget = TIMES_THE_ORIGINAL * original.byteSize + IN_ANY_CASE_BYTES
  return Math.min(1, (budget * 8) / Math.max(1, original.durationSeconds) / usualBitsPerSecond)
}
