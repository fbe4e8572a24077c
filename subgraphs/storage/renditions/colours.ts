import type { Stream } from '../probing/ffprobe.ts'

/**
 * How a picture's numbers map to colours (matrix coefficients, ITU-T H.273 §8.3): RGB, high definition (BT.709),
 * standard definition (BT.601), or another matrix that is kept unchanged.
 */
export type Matrix = 'RGB' | 'BT709' | 'BT601' | 'OTHER'

const TAGS: Record<string, Matrix> = { bt709: 'BT709', smpte170m: 'BT601', bt470bg: 'BT601' }

// From this height on, players assume BT.709 if a video does not name its matrix.
const HIGH_DEFINITION = 720

/** Returns the matrix that a video names, or the one that players assume from its size. */
export function matrixOf({ pix_fmt = '', color_space = 'unknown', height = 0 }: Stream): Matrix {
  if (/^(gbr|a?rgb|a?bgr|0rgb|0bgr|pal8)/.test(pix_fmt)) return 'RGB'
  if (color_space !== 'unknown') return TAGS[color_space] ?? 'OTHER'
  return height >= HIGH_DEFINITION ? 'BT709' : 'BT601'
}

/** Returns the options for ffmpeg's `scale` that convert RGB to BT.709 and keep any other matrix. */
export function scaleForVideo(matrix: Matrix): string {
  if (matrix === 'RGB') return ':out_color_matrix=bt709'
  return matrix === 'OTHER' ? '' : `:in_color_matrix=${matrix.toLowerCase()}`
}

/** Returns the options for ffmpeg's `scale` that convert a picture to BT.601, which every JPEG uses (JFIF 1.02). */
export function scaleForJpeg(matrix: Matrix): string {
  const from = matrix === 'RGB' || matrix === 'OTHER' ? '' : `:in_color_matrix=${matrix.toLowerCase()}`
  return `${from}:out_color_matrix=bt601`
}

/** The colour tags, by ffmpeg's names, of the output of `scaleForVideo`; empty if the source's tags stay valid. */
function tags(matrix: Matrix): Record<string, string> {
  if (matrix === 'RGB') return { colorspace: 'bt709', color_primaries: 'bt709', color_trc: 'bt709' }
  if (matrix === 'OTHER') return {}
  return { colorspace: matrix === 'BT709' ? 'bt709' : 'smpte170m' }
}

/**
 * Returns the filters that tag the output of `scaleForVideo`. Otherwise players would guess the matrix of a smaller
 * picture.
 */
export function colourTags(matrix: Matrix): string[] {
  const options = Object.entries(tags(matrix)).map(([name, value]) => `${name}=${value}`)
  return options.length > 0 ? [`setparams=${options.join(':')}`] : []
}

/** Returns the same tags as encoder arguments, because old ffmpeg versions do not take them from the pictures. */
export function colourArguments(matrix: Matrix): string[] {
  return Object.entries(tags(matrix)).flatMap(([name, value]) => [`-${name}`, value])
}
