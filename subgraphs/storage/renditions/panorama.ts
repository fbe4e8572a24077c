import type { Size } from './ladder.ts'

/** From this ratio of its sides on, a picture is scrolled and not shown as a whole. */
const PANORAMA_RATIO = 3

// The limit of JPEG, WebP and phone screens.
const LONGEST_SIDE = 16_383

/**
 * Returns the maximum length of a picture's longest side. A panorama is limited by area and not by side, because it
 * would otherwise be only a few pixels high.
 *
 * @param longSide the limit for pictures of common shapes
 */
export function longSideOf({ width, height }: Size, longSide: number): number {
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height))
  if (ratio <= PANORAMA_RATIO) return longSide
  const area = 1.5 * longSide ** 2
  return Math.min(LONGEST_SIDE, Math.round(Math.sqrt(area * ratio)))
}
