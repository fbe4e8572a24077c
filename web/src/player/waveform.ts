/**
 * Reduces peaks to as many bars as fit, each the highest of its peaks, so that a short sound stays visible.
 *
 * @returns heights from 0 to 1
 */
export function barsOf(peaks: readonly number[], count: number): number[] {
  if (peaks.length === 0) return []
  const bars = Math.max(1, Math.min(Math.floor(count), peaks.length))
  return Array.from({ length: bars }, (_, index) => {
    const from = Math.floor((index * peaks.length) / bars)
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / bars))
    return Math.min(1, Math.max(0, ...peaks.slice(from, to)) / 255)
  })
}

/** Draws bars as one SVG path in a box of `bars.length` by 100, centred vertically. */
export function wavePath(bars: readonly number[]): string {
  return bars
    .map((bar, index) => {
      const height = Math.max(4, bar * 100)
      return `M${index + 0.2} ${(50 - height / 2).toFixed(1)}h.6v${height.toFixed(1)}h-.6z`
    })
    .join('')
}
