import { isOnItsSide, type Orientation, orientationOf } from './orientation.ts'

const ONE = 65536
const track = (a: number, b: number, c: number, d: number) => ({
  index: 0,
  side_data_list: [
    {
      // ffprobe reports an angle of 0 or 180 degrees for mirrored pictures too.
      rotation: 0,
      displaymatrix: `\n00000000: ${a} ${b} 0\n00000001: ${c} ${d} 0\n00000002: 0 0 1073741824\n`,
    },
  ],
})

describe('the orientation of a track', () => {
  it.each<[Orientation, number[]]>([
    ['upright', [ONE, 0, 0, ONE]],
    ['hflip', [-ONE, 0, 0, ONE]],
    ['vflip', [ONE, 0, 0, -ONE]],
    ['half turn', [-ONE, 0, 0, -ONE]],
    ['clockwise', [0, ONE, -ONE, 0]],
    ['counterclockwise', [0, -ONE, ONE, 0]],
    ['transpose', [0, ONE, ONE, 0]],
    ['anti-transpose', [0, -ONE, -ONE, 0]],
  ])('is read from the display matrix: %s', (orientation, [a = 0, b = 0, c = 0, d = 0]) => {
    expect(orientationOf(track(a, b, c, d))).toBe(orientation)
    expect(isOnItsSide(orientation)).toBe(a === 0)
  })

  it('is read from the angle if there is no matrix', () => {
    expect(orientationOf({ index: 0, side_data_list: [{ rotation: -90 }] })).toBe('clockwise')
    expect(orientationOf({ index: 0, tags: { rotate: '270' } })).toBe('counterclockwise')
    expect(orientationOf({ index: 0 })).toBe('upright')
  })
})
