import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog, type Log } from '../platform/log.ts'
import type { Verifier } from '../platform/tokens/verifier.ts'
import { type AuthenticationOptions, createAuthentication } from './authentication.ts'

const request = { headers: { authorization: 'Bearer token' }, socket: {} } as IncomingMessage

let checks: number
let warnings: number
let isGood: boolean
let ended: string[]

const verifier: Verifier = {
  async verify() {
    checks++
    if (!isGood) throw new Error('the key was removed')
    return { sub: 'ann', sid: 's1', exp: Date.now() / 1000 + 900 }
  },
}
const log = { ...createLog('gateway', 'silent'), warn: () => void warnings++ } as unknown as Log
const authentication = (options: Partial<AuthenticationOptions> = {}) =>
  createAuthentication({
    verifier,
    log,
    knowsSessionRevocations: async () => true,
    hasEnded: (id) => ended.includes(id),
    trustedProxies: 0,
    ...options,
  })

beforeEach(() => {
  checks = 0
  warnings = 0
  isGood = true
  ended = []
})

describe('an access token', () => {
  it('is verified once for many requests', async () => {
    const authenticate = authentication()
    for (let i = 0; i < 10; i++) expect((await authenticate(request)).viewer.userId).toBe('ann')
    expect(checks).toBe(1)
  })

  it('is verified again after a while, so that it stops working when its key is removed, even if it is in constant use', async () => {
    const authenticate = authentication({ rememberMs: 100 })
    await authenticate(request)
    isGood = false
    const end = Date.now() + 120
    while (Date.now() < end) {
      await authenticate(request).catch(() => {})
      await sleep(10)
    }
    await expect(authenticate(request)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
  })

  it.each(['ann', 's1'])(
    'is refused as soon as %s is revoked, although its verification is cached',
    async (id) => {
      const authenticate = authentication()
      await authenticate(request)
      ended = [id]
      await expect(authenticate(request)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    },
  )
})

it('refuses access tokens until the session revocations are loaded', async () => {
  const authenticate = authentication({ knowsSessionRevocations: async () => false })
  await expect(authenticate(request)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
})

it('warns once when requests come through a proxy and TRUSTED_PROXIES is 0', async () => {
  const proxied = { headers: { 'x-forwarded-for': '203.0.113.1' }, socket: {} } as unknown as IncomingMessage
  const unaware = authentication()
  for (let i = 0; i < 3; i++) await unaware(proxied)
  expect(warnings).toBe(1)
  await authentication({ trustedProxies: 1 })(proxied)
  await authentication()(request)
  expect(warnings).toBe(1)
})
