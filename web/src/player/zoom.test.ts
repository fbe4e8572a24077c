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

  it('never shows a photo smaller than its frame, or an edge inside of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, coordinate, coordinate)), (steps) => {
        const view = steps.reduce((each, [by, x, y]) => keepInside(zoomAt(each, by, { x, y }), FRAME), WHOLE)
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
