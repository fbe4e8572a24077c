import { isCostly } from './image-cost.ts'

const KILOBYTE = 1000

it.each([
  ['a photo of 12 megapixels', 4000, 3000, 4_000 * KILOBYTE, false],
  ['a photo of 24 megapixels', 6000, 4000, 9_000 * KILOBYTE, false],
  ['a flat picture of 48 megapixels in 36 bytes', 8000, 6000, 36, true],
  ['a small picture in many bytes', 100, 100, 40_000 * KILOBYTE, true],
])('judges the cost of %s by its pixels and its bytes', (_name, width, height, byteSize, expected) => {
  expect(isCostly({ width, height, byteSize })).toBe(expected)
})
