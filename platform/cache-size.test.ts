import { cacheSize } from './cache-size.ts'

it.each([
  [4_000, 32_000_000],
  [1_500, 32_000_000],
  [750, 16_000_000],
  [300, 6_400_000],
])('with %d MiB of heap, a cache of 32 MB takes at most %d bytes', (mebibytes, size) => {
  expect(cacheSize(32_000_000, mebibytes * 1024 ** 2)).toBe(size)
})
