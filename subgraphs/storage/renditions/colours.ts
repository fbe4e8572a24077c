import type { Stream } from '../probing/ffprobe.ts'

/**
 * How the numbers of a picture stand for colours (matrix coefficients, ITU-T H.273 §8.3): red, green and blue as they
 * are, as in high definition (BT.709) or in standard definition (BT.601), or in a way that is kept as it is.
 */
export type Matrix = 'RGB' | 'BT709' | 'BT601' | 'OTHER'

const TAGS: Record<string, Matrix> = { bt709: 'BT709', smpte170m: 'BT601', bt470bg: 'BT601' }

// From this height on players take pictures that do not say it for BT.709.
const HIGH_DEFINITION = 720

/** The matrix of a video: what it says, else what players assume of its size. */
export function matrixOf({ pix_fmt = '', color_space = 'unknown', height = 0 }: Stream): Matrix {
  if (/^(gbr|a?rgb|a?bgr|0rgb|0bgr|pal8)/.test(pix_fmt)) return 'RGB'
  if (color_space !== 'unknown') return TAGS[color_space] ?? 'OTHER'
  return height >= HIGH_DEFINITION ? 'BT709' : 'BT601'
}

/** The options of ffmpeg's `scale` that make a picture BT.709 where it is red, green and blue, else keep its matrix. */
export function scaleForVideo(matrix: Matrix): string {
  if (matrix === 'RGB') return ':out_color_matrix=bt709'
  return matrix === 'OTHER' ? '' : `:in_color_matrix=${matrix.toLowerCase()}`
}

/** The options of ffmpeg's `scale` that make a picture BT.601, which every JPEG is (JFIF 1.02). */
export function scaleForJpeg(matrix: Matrix): string {
  const from = matrix === 'RGB' || matrix === 'OTHER' ? '' : `:in_color_matrix=${matrix.toLowerCase()}`
  return `${from}:out_color_matrix=bt601`
}

/** What `scaleForVideo` leaves, by ffmpeg's names; empty where the source's own words stay. */
function tags(matrix: Matrix): Record<string, string> {
  if (matrix === 'RGB') return { colorspace: 'bt709', color_primaries: 'bt709', color_trc: 'bt709' }
  if (matrix === 'OTHER') return {}
  return { colorspace: matrix === 'BT709' ? 'bt709' : 'smpte170m' }
}

/** The filters that write down what `scaleForVideo` leaves, so that no player has to assume it of a smaller picture. */
export function colourTags(matrix: Matrix): string[] {
  const options = Object.entries(tags(matrix)).map(([name, value]) => `${name}=${value}`)
  return options.length > 0 ? [`setparams=${options.join(':')}`] : []
}

/** The same for the encoder: old versions of ffmpeg do not take it from the pictures. */
export function colourArguments(matrix: Matrix): string[] {
  return Object.entries(tags(matrix)).flatMap(([name, value]) => [`-${name}`, value])
}
