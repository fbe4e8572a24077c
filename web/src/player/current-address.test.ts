import { createCurrentAddress } from './current-address.ts'

const playlist = (token: string) => `https://m.example/v/${token}/id/stream/index.m3u8`
const segment = (token: string) => `https://m.example/v/${token}/id/stream/s1.m4s`

describe('the addresses of a stream', () => {
  it('stay as they are until they are renewed', () => {
    expect(createCurrentAddress(playlist('a')).of(segment('a'))).toBe(segment('a'))
  })

  it('have the newest token, whatever token the playlist had when it was loaded', () => {
    const address = createCurrentAddress(playlist('a'))
    address.renew(playlist('b'))
    address.renew(playlist('c'))
    expect([segment('a'), segment('b'), segment('c')].map(address.of)).toEqual(Array(3).fill(segment('c')))
  })

  it('do not change when the server returns the same ones, or former ones again', () => {
    const address = createCurrentAddress(playlist('a'))
    address.renew(playlist('a'))
    expect(address.of(segment('a'))).toBe(segment('a'))
    address.renew(playlist('b'))
    address.renew(playlist('a'))
    expect(address.of(segment('b'))).toBe(segment('a'))
  })

  it('of something else are left alone', () => {
    const address = createCurrentAddress(playlist('a'))
    address.renew(playlist('b'))
    expect(address.of('https://m.example/v/x/other/stream/s1.m4s')).toBe(
      'https://m.example/v/x/other/stream/s1.m4s',
    )
  })
})
