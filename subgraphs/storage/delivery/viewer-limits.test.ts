import { createViewerLimits } from './viewer-limits.ts'

function limits() {
  let now = 0
  const { enter } = createViewerLimits({ connections: 2, requestsPerSecond: 2, clock: () => new Date(now) })
  return {
    enter,
    passSeconds: (seconds: number) => {
      now += seconds * 1000
    },
    /** Asks and is done at once, so often; answers how often that was allowed. */
    ask: (viewer: string, times: number) =>
      Array.from({ length: times }, () => {
        const leave = enter(viewer)
        leave?.()
        return leave
      }).filter((leave) => leave !== null).length,
  }
}

describe('the limits of a viewer', () => {
  it('let so many responses run at a time, and another when one is over', () => {
    const { enter } = limits()
    const first = enter('ann')
    expect([enter('ann') !== null, enter('ann'), enter('ben') !== null]).toEqual([true, null, true])
    first?.()
    expect(enter('ann')).not.toBeNull()
  })

  it('let a crowd of requests in, and from then on so many a second', () => {
    const { ask, passSeconds } = limits()
    expect(ask('ann', 3)).toBe(3)
    expect(ask('ann', 20)).toBe(7)
    expect(ask('ben', 1)).toBe(1)
    passSeconds(1)
    expect(ask('ann', 20)).toBe(2)
    passSeconds(3600)
    expect(ask('ann', 20)).toBe(10)
  })

  it('are not for those who are signed out', () => {
    const { enter } = limits()
    expect(Array.from({ length: 50 }, () => enter(null)).every((leave) => leave !== null)).toBe(true)
  })
})
