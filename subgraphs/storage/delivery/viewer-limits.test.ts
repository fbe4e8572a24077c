import { type Asker, createViewerLimits } from './viewer-limits.ts'

function limits() {
  let now = 0
  const { enter } = createViewerLimits({ connections: 2, requestsPerSecond: 2, clock: () => new Date(now) })
  return {
    enter,
    passSeconds: (seconds: number) => {
      now += seconds * 1000
    },
    /** Sends requests that end immediately; returns how many of them were allowed. */
    ask: (asker: Asker, times: number) =>
      Array.from({ length: times }, () => {
        const leave = enter(asker)
        leave?.()
        return leave
      }).filter((leave) => leave !== null).length,
  }
}

const ann = { viewerId: 'ann' }
const ben = { viewerId: 'ben' }

describe('the viewer limits', () => {
  it('allow a number of simultaneous responses, and another one when one ends', () => {
    const { enter } = limits()
    const first = enter(ann)
    expect([enter(ann) !== null, enter(ann), enter(ben) !== null]).toEqual([true, null, true])
    first?.()
    expect(enter(ann)).not.toBeNull()
  })

  it('allow a burst of requests, and then a number per second', () => {
    const { ask, passSeconds } = limits()
    expect(ask(ann, 3)).toBe(3)
    expect(ask(ann, 20)).toBe(7)
    expect(ask(ben, 1)).toBe(1)
    passSeconds(1)
    expect(ask(ann, 20)).toBe(2)
    passSeconds(3600)
    expect(ask(ann, 20)).toBe(10)
  })

  it('are eight times as high for each address of signed-out viewers', () => {
    const { enter, ask } = limits()
    const here = { address: '203.0.113.9' }
    const open = Array.from({ length: 17 }, () => enter(here))
    expect(open.filter((leave) => leave !== null)).toHaveLength(16)
    expect(enter({ address: '203.0.113.10' })).not.toBeNull()
    expect(enter({ address: undefined })).not.toBeNull()
    expect(ask({ address: '203.0.113.11' }, 100)).toBe(80)
    expect(ask(ann, 100)).toBe(10)
  })

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ])('treat %s and %s as one address: %s', (one, other, isOne) => {
    const { ask } = limits()
    ask({ address: one }, 80)
    expect(ask({ address: other }, 1)).toBe(isOne ? 0 : 1)
  })
})
