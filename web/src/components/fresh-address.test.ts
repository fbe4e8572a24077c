import { jest } from '@jest/globals'
import { followClock } from '../player/server-clock.ts'
import { FreshAddress } from './fresh-address.ts'

const NOW = Date.parse('2026-11-27T12:00:00Z')
const valid = { expiresAt: '2026-11-27T12:10:00Z' }
const expired = { expiresAt: '2026-11-27T11:59:00Z' }

describe('the address of a picture', () => {
  const online = (isOnline: boolean) =>
    jest.spyOn(globalThis, 'navigator', 'get').mockReturnValue({ ...navigator, onLine: isOnline })
  beforeEach(() => void online(true))
  afterEach(() => jest.restoreAllMocks())

  it('is asked for only while its token is valid', () => {
    const fresh = new FreshAddress()
    expect(fresh.of('old', expired, NOW)).toBeNull()
    expect(fresh.of('new', valid, NOW)).toBe('new')
    expect(new FreshAddress().of('no expiry', {}, NOW)).toBe('no expiry')
    expect(new FreshAddress().of(null, valid, NOW)).toBeNull()
  })

  it('is valid by the clock of the server, which that of the device may be ahead of', () => {
    followClock(() => NOW)
    expect([new FreshAddress().of('new', valid), new FreshAddress().of('old', expired)]).toEqual([
      'new',
      null,
    ])
    followClock(() => Date.now())
  })

  it('stays when its token expires while it is shown', () => {
    const fresh = new FreshAddress()
    expect(fresh.of('a', valid, NOW)).toBe('a')
    expect(fresh.of('a', valid, NOW + 3_600_000)).toBe('a')
  })

  it('is shown without a connection, because the picture may be kept on the device', () => {
    online(false)
    expect(new FreshAddress().of('old', expired, NOW)).toBe('old')
  })
})
