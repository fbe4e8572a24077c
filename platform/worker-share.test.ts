import { divided, readShare, shareEnvironment, WHOLE } from './worker-share.ts'

describe('the share of a worker', () => {
  it('reaches the worker through its environment', () => {
    const share = { index: 2, count: 4, poolSize: 5 }
    expect(readShare(shareEnvironment(share))).toEqual(share)
    expect(readShare({})).toBeNull()
  })

  it.each([
    ['is the whole limit in a single process', 128, 1, 8, 128],
    ['is rounded up', 10, 4, 1, 3],
    ['is not below the least share', 128, 64, 8, 8],
    ['is not above the limit', 4, 2, 8, 4],
  ])('of a limit %s', (_what, limit, count, least, expected) => {
    expect(divided(limit, { ...WHOLE, count }, least)).toBe(expected)
  })
})
