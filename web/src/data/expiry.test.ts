import { expiryOnDevice } from './expiry.ts'

describe('the expiry of a token on this device', () => {
  const expiresAt = '2026-11-26T12:10:00.000Z'
  const sentAt = 'Thu, 26 Nov 2026 12:00:00 GMT'

  it.each([
    ['right', '2026-11-26T12:00:00.000Z', '2026-11-26T12:10:00.000Z'],
    ['a day ahead', '2026-11-27T12:00:00.000Z', '2026-11-27T12:10:00.000Z'],
    ['a year behind', '2025-11-26T12:00:00.000Z', '2025-11-26T12:10:00.000Z'],
  ])('is its lifetime from now on, with a clock that is %s', (_what, now, expected) => {
    expect(expiryOnDevice(expiresAt, sentAt, Date.parse(now))).toBe(expected)
  })

  it('is that of the server if the response has no date', () => {
    expect(expiryOnDevice(expiresAt, null, 0)).toBe(expiresAt)
  })
})
