import { fitInto, ladder } from './ladder.ts'

const sides = (width: number, height: number, longest?: number) =>
  ladder({ width, height }, longest).map((size) => `${size.width}x${size.height}`)

describe('the sizes of a stream', () => {
  it.each([
    [1920, 1080, ['640x360', '1280x720', '1920x1080']],
    [1080, 1920, ['360x640', '720x1280', '1080x1920']],
    [3840, 2160, ['640x360', '1280x720', '1920x1080']],
    [1280, 720, ['640x360', '1280x720']],
    [800, 640, ['640x512', '800x640']],
    [176, 144, ['176x144']],
    [333, 187, ['332x186']],
    [1, 1, ['2x2']],
  ])('of %i x %i are even and no larger than the original', (width, height, expected) => {
    expect(sides(width, height)).toEqual(expected)
  })

  it('do not include two that hardly differ', () => {
    expect(sides(1400, 700)).toEqual(['640x320', '1280x640'])
    expect(sides(660, 330)).toEqual(['640x320'])
  })

  it('do not exceed the given longest side', () => {
    expect(sides(1920, 1080, 1280)).toEqual(['640x360', '1280x720'])
  })

  it('are at least 2 pixels wide and high', () => {
    expect(fitInto({ width: 4000, height: 2 }, 640)).toEqual({ width: 640, height: 2 })
  })
})
