import fc from 'fast-check'
import { isUsedUp, renewalDelay } from './renewal-time.ts'

const NOW = Date.parse('2026-03-01T08:00:00Z')
const NEVER = Number.POSITIVE_INFINITY
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()

describe('addresses', () => {
  it('are renewed half a minute before they expire', () => {
    expect(renewalDelay(at(300), NOW, NEVER)).toBe(270_000)
  })

  it('that live only shortly are renewed in the last quarter', () => {
    expect(renewalDelay(at(20), NOW, NEVER)).toBe(15_000)
  })

  it('that do not expire are not renewed', () => {
    expect(renewalDelay(null, NOW, NEVER)).toBeNull()
    expect(isUsedUp(null, NOW)).toBe(false)
  })

  it('are used up at their expiry', () => {
    expect([at(-1), at(1), at(10)].map((expiry) => isUsedUp(expiry, NOW))).toEqual([true, true, false])
  })

  it('are never renewed more often than every 15 seconds, however wrong the clock is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (seconds, ago) => {
        const delay = renewalDelay(at(seconds), NOW, ago)
        expect(delay).toBeGreaterThanOrEqual(Math.max(0, 15_000 - ago))
      }),
    )
  })
})
