import type { Size } from './ladder.ts'

/** From here on a picture is so wide or so high that it is scrolled along, and not shown as a whole. */
export const PANORAMA_RATIO = 3

// What JPEG, WebP and the screens of phones can do.
const LONGEST_SIDE = 16_383

/**
 * How long the longest side of a picture is to be. Of a panorama the area is bounded and not the side: it would
 * otherwise be a few pixels high.
 *
 * @param longSide of pictures of common shapes
 */
export function longSideOf({ width, height }: Size, longSide: number): number {
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height))
  if (ratio <= PANORAMA_RATIO) return longSide
  const area = 1.5 * longSide ** 2
  return Math.min(LONGEST_SIDE, Math.round(Math.sqrt(area * ratio)))
}
