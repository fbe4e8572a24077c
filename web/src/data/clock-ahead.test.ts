import { clockAhead } from './clock-ahead.ts'

describe('the clock of this device', () => {
  const sentAt = 'Thu, 26 Nov 2026 12:00:00 GMT'

  it.each([
    ['right', '2026-11-26T12:00:00.000Z', 0],
    ['a day ahead', '2026-11-27T12:00:00.000Z', 86_400_000],
    ['an hour behind', '2026-11-26T11:00:00.000Z', -3_600_000],
  ])('is compared with the server when it is %s', (_what, now, expected) => {
    expect(clockAhead(sentAt, Date.parse(now))).toBe(expected)
  })

  it('counts as right if the response has no date', () => {
    expect(clockAhead(null, 1_000)).toBe(0)
  })
})
