import fc from 'fast-check'
import { keepInside, swipeOf, WHOLE, zoomAt } from './zoom.ts'

const FRAME = { width: 400, height: 800 }
const coordinate = fc.double({ min: -400, max: 400, noNaN: true })
const factor = fc.double({ min: 0.1, max: 10, noNaN: true })

describe('zooming', () => {
  it('leaves the point under the fingers where it is', () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 1, max: 6, noNaN: true }), (x, y, by) => {
        const view = zoomAt(WHOLE, by, { x, y })
        expect(view.x + x * view.scale).toBeCloseTo(x, 6)
        expect(view.y + y * view.scale).toBeCloseTo(y, 6)
      }),
    )
  })

  it('keeps as much of a photo in its frame as fits, whatever its shape', () => {
    const size = fc.integer({ min: 1, max: 5_000 })
    const moved = fc.double({ min: -9_000, max: 9_000, noNaN: true })
    fc.assert(
      fc.property(
        size,
        size,
        fc.double({ min: 1, max: 6, noNaN: true }),
        moved,
        moved,
        (width, height, scale, x, y) => {
          const fit = Math.min(FRAME.width / width, FRAME.height / height) * scale
          const view = keepInside({ scale, x, y }, FRAME, { width, height })
          for (const [centre, shown, room] of [
            [view.x, width * fit, FRAME.width],
            [view.y, height * fit, FRAME.height],
          ] as const) {
            const ends = [centre - shown / 2, centre + shown / 2].map((end) =>
              Math.min(room / 2, Math.max(-room / 2, end)),
            )
            expect((ends[1] ?? 0) - (ends[0] ?? 0)).toBeCloseTo(Math.min(shown, room), 6)
          }
        },
      ),
    )
  })

  it('keeps a side that fits into the frame in the middle', () => {
    // 400 x 100 at first, 1000 x 250 now.
    expect(keepInside({ scale: 2.5, x: 900, y: 900 }, FRAME, { width: 2_400, height: 600 })).toEqual({
      scale: 2.5,
      x: 300,
      y: 0,
    })
  })

  it('never shows a photo smaller than its frame, or an edge inside of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, coordinate, coordinate)), (steps) => {
        const view = steps.reduce(
          (each, [by, x, y]) => keepInside(zoomAt(each, by, { x, y }), FRAME, FRAME),
          WHOLE,
        )
        expect(view.scale).toBeGreaterThanOrEqual(1)
        expect(view.scale).toBeLessThanOrEqual(6)
        expect(Math.abs(view.x)).toBeLessThanOrEqual((FRAME.width * (view.scale - 1)) / 2 + 1e-9)
        expect(Math.abs(view.y)).toBeLessThanOrEqual((FRAME.height * (view.scale - 1)) / 2 + 1e-9)
      }),
    )
  })
})

it('a movement is a swipe if it is fast or long enough, in its main direction', () => {
  expect(swipeOf(-60, 10, 100)).toBe('LEFT')
  expect(swipeOf(120, 10, 900)).toBe('RIGHT')
  expect(swipeOf(10, 150, 900)).toBe('CLOSE')
  expect(swipeOf(-60, 10, 900)).toBeNull()
  expect(swipeOf(3, 2, 50)).toBeNull()
})
