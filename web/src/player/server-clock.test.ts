import { followClock, noteFresh, serverTime } from './server-clock.ts'

const DAY_MS = 24 * 3_600_000
const in5Minutes = () => new Date(Date.now() + 300_000).toISOString()

describe('the clock that players follow', () => {
  afterEach(() => followClock(() => Date.now()))

  it('is that of the device as long as new addresses are valid by it', () => {
    const access = { expiresAt: in5Minutes() }
    expect(noteFresh(access)).toBe(access)
    expect([noteFresh(null), noteFresh({ expiresAt: null })]).toEqual([null, { expiresAt: null }])
    expect(Math.abs(serverTime() - Date.now())).toBeLessThan(1_000)
  })

  it('is that of the server where the page knows it', () => {
    followClock(() => 1_000)
    expect(serverTime()).toBe(1_000)
  })

  it('is behind that of the device if new addresses have expired by it', () => {
    const expiresAt = in5Minutes()
    followClock(() => Date.now() + DAY_MS)
    noteFresh({ expiresAt })
    const leftMs = Date.parse(expiresAt) - serverTime()
    expect(leftMs).toBeGreaterThan(50_000)
    expect(leftMs).toBeLessThan(300_000)
  })
})
