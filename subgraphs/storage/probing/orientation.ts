import type { Stream } from './ffprobe.ts'

/**
 * How a picture is turned or mirrored before it is shown, in ffmpeg's names: one of the eight ways in which a rectangle
 * fits onto its own axes.
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
 * Reads a track's orientation from its display matrix (ISO/IEC 14496-12 §8.3.2). The angle that ffprobe reports beside
 * it doesn't tell a mirrored picture from one that is not, and ffmpeg before 5.0 ignores mirroring, so neither is used
 * where there is a matrix.
 */
export function orientationOf({ side_data_list = [], tags }: Stream): Orientation {
  const matrix = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix
  if (matrix !== undefined) return ofMatrix(matrix)
  const angle =
    side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? -Number(tags?.rotate ?? 0)
  return ofAngle(angle)
}

/** Whether the picture's width becomes its height. */
export function isOnItsSide(orientation: Orientation): boolean {
  return ['clockwise', 'counterclockwise', 'transpose', 'anti-transpose'].includes(orientation)
}

/** The ffmpeg filters that bring a picture into its orientation. */
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
  // What ffmpeg calls a turn and a flip.
  transpose: ['transpose=cclock_flip'],
  'anti-transpose': ['transpose=clock_flip'],
}

// ffprobe writes three rows, each after its number: "00000000: a b u", "00000001: c d v", "00000002: x y w".
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

// Counterclockwise, as ffprobe reports it.
function ofAngle(angle: number): Orientation {
  const quarters = ((Math.round(angle / 90) % 4) + 4) % 4
  return (['upright', 'counterclockwise', 'half turn', 'clockwise'] as const)[quarters] ?? 'upright'
}
