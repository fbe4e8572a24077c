/** A size that a film is made in, in pixels, both even as H.264 wants them. */
export type Size = { width: number; height: number }

// 360p, 720p and 1080p of a film that is 16:9, by the long side so that upright films get the same.
const LONG_SIDES = [640, 1280, 1920]
// The next larger size is worth its bytes only where it shows clearly more.
const WORTHWHILE = 1.2

/** What a progressive file is at most: what every phone decodes. */
export const MAX_PROGRESSIVE_SIDE = 1280

/** Tone mapping works in floating point, pixel for pixel: at 1080p it takes several times what the encoder does. */
export const MAX_TONE_MAPPED_SIDE = 1280

/**
 * The sizes that a stream is made in, the smallest first: up to three, none larger than the original.
 *
 * @param longest the longest side that is made
 */
export function ladder(original: Size, longest = Number.POSITIVE_INFINITY): [Size, ...Size[]] {
  const long = Math.min(longest, Math.max(original.width, original.height))
  const sides: number[] = []
  for (const side of LONG_SIDES.map((limit) => Math.min(limit, long))) {
    if (side >= (sides.at(-1) ?? 0) * WORTHWHILE) sides.push(side)
  }
  const [first = long, ...rest] = sides
  return [fitInto(original, first), ...rest.map((side) => fitInto(original, side))]
}

/** The size with the same shape whose long side is at most so long. */
export function fitInto({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height))
  const even = (side: number) => Math.max(2, Math.floor((side * scale) / 2 + 0.01) * 2)
  return { width: even(width), height: even(height) }
}
