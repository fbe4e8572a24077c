/** The size of a video rendition in pixels. Both sides are even, as H.264 requires. */
export type Size = { width: number; height: number }

// 360p, 720p and 1080p of a 16:9 video. The long side counts, so upright videos get the same sizes.
const LONG_SIDES = [640, 1280, 1920]
// A larger size must be at least this factor larger to be worth its bytes.
const WORTHWHILE = 1.2

/** The maximum long side of a progressive file, which every phone decodes. */
export const MAX_PROGRESSIVE_SIDE = 1280

/** Tone mapping works in floating point on each pixel. At 1080p it takes several times as long as the encoder. */
export const MAX_TONE_MAPPED_SIDE = 1280

/**
 * Returns the sizes of a stream, smallest first: up to three, none larger than the original.
 *
 * @param longest the maximum length of the long side, in pixels
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

/** Scales a size to a maximum long side and keeps its shape. It never enlarges. */
export function fitInto({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height))
  const even = (side: number) => Math.max(2, Math.floor((side * scale) / 2 + 0.01) * 2)
  return { width: even(width), height: even(height) }
}
