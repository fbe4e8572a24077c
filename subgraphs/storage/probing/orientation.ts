import type { Stream } from './ffprobe.ts'

/**
 * How a picture is turned or mirrored before it is shown, mostly in ffmpeg's terms. These are the eight ways to place a
 * rectangle on its own axes.
 */
export type Orientation =
  | 'upright'
  | 'hflip'
  | 'vflip'
  | 'half turn'
  | 'clockwise'
  | 'counterclockwise'
  | 'transpose'
  | 'anti-transpose'

/**
 * Reads a track's orientation from its display matrix (ISO/IEC 14496-12 §8.3.2). The angle that ffprobe reports does
 * not show whether a picture is mirrored, and ffmpeg before 5.0 ignores mirroring. So the angle and the `rotate` tag
 * are used only if there is no matrix.
 */
export function orientationOf({ side_data_list = [], tags }: Stream): Orientation {
  const matrix = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix
  if (matrix !== undefined) return ofMatrix(matrix)
  const angle =
    side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? -Number(tags?.rotate ?? 0)
  return ofAngle(angle)
}

/** Whether turning swaps the picture's width and height. */
export function isOnItsSide(orientation: Orientation): boolean {
  return ['clockwise', 'counterclockwise', 'transpose', 'anti-transpose'].includes(orientation)
}

/** Returns the ffmpeg filters that turn a picture into its orientation. */
export function orientationFilters(orientation: Orientation): string[] {
  return FILTERS[orientation]
}

const FILTERS: Record<Orientation, string[]> = {
  upright: [],
  hflip: ['hflip'],
  vflip: ['vflip'],
  'half turn': ['hflip', 'vflip'],
  clockwise: ['transpose=clock'],
  counterclockwise: ['transpose=cclock'],
  // ffmpeg's names for a turn combined with a flip.
  transpose: ['transpose=cclock_flip'],
  'anti-transpose': ['transpose=clock_flip'],
}

// ffprobe writes three numbered rows: "00000000: a b u", "00000001: c d v", "00000002: x y w".
function ofMatrix(text: string): Orientation {
  const [a = 0, b = 0, , c = 0, d = 0] = text
    .split('\n')
    .flatMap((row) => row.split(':')[1]?.trim().split(/\s+/).map(Number) ?? [])
  if (Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c)) {
    if (a < 0) return d < 0 ? 'half turn' : 'hflip'
    return d < 0 ? 'vflip' : 'upright'
  }
  if (b > 0) return c > 0 ? 'transpose' : 'clockwise'
  return c > 0 ? 'counterclockwise' : 'anti-transpose'
}

// ffprobe's angle is counterclockwise.
function ofAngle(angle: number): Orientation {
  const quarters = ((Math.round(angle / 90) % 4) + 4) % 4
  return (['upright', 'counterclockwise', 'half turn', 'clockwise'] as const)[quarters] ?? 'upright'
}
