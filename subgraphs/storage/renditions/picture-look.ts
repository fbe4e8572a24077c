import { rgbaToThumbHash } from 'thumbhash'

/** How a picture looks from far away. */
export type PictureLook = {
  /** A ThumbHash in Base64. */
  placeholder: string
  /** The most frequent colour as `#rrggbb`, in sRGB. */
  dominantColor: string
}

/** The longest side of the pixels from which a look is computed; a ThumbHash accepts no more. */
export const LOOK_SIDE = 100

// Four bits of each colour: similar colours count together.
const STEPS_OF_COLOUR = 16

/**
 * Computes how a picture looks from far away. Call this only in the image worker.
 *
 * @param pixels red, green, blue and alpha of each pixel, at most `LOOK_SIDE` pixels on each side
 */
export function lookOf(pixels: Uint8Array, width: number, height: number): PictureLook {
  return {
    placeholder: Buffer.from(rgbaToThumbHash(width, height, pixels)).toString('base64'),
    dominantColor: dominantColor(pixels),
  }
}

/** The average of the most frequent group of similar colours. */
function dominantColor(pixels: Uint8Array): string {
  const groups = new Map<number, { count: number; red: number; green: number; blue: number }>()
  for (let i = 0; i + 3 < pixels.length; i += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(i, i + 3)
    const key = [red, green, blue].reduce((code, value) => code * STEPS_OF_COLOUR + (value >> 4), 0)
    const group = groups.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 }
    groups.set(key, group)
    group.count++
    group.red += red
    group.green += green
    group.blue += blue
  }
  const [first = { count: 1, red: 0, green: 0, blue: 0 }, ...rest] = groups.values()
  const most = rest.reduce((best, group) => (group.count > best.count ? group : best), first)
  const hex = (sum: number) =>
    Math.round(sum / most.count)
      .toString(16)
      .padStart(2, '0')
  return `#${hex(most.red)}${hex(most.green)}${hex(most.blue)}`
}
