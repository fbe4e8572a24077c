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
    if (!isGood) throw new Error('its key was dropped')
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

describe('a session token', () => {
  it('is checked once for many requests', async () => {
    const authenticate = authentication()
    for (let i = 0; i < 10; i++) expect((await authenticate(request)).viewer.userId).toBe('ann')
    expect(checks).toBe(1)
  })

  it('is checked again after a while, so that it does not outlive its key, however often it is used', async () => {
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

  it.each(['ann', 's1'])('is refused at once when %s has ended, though it is remembered', async (id) => {
    const authenticate = authentication()
    await authenticate(request)
    ended = [id]
    await expect(authenticate(request)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
  })
})

it('no session token is taken before it is known which sessions have ended', async () => {
  const authenticate = authentication({ knowsSessionRevocations: async () => false })
  await expect(authenticate(request)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
})

it('a proxy that nobody has told of is warned about, once', async () => {
  const proxied = { headers: { 'x-forwarded-for': '203.0.113.1' }, socket: {} } as unknown as IncomingMessage
  const unaware = authentication()
  for (let i = 0; i < 3; i++) await unaware(proxied)
  expect(warnings).toBe(1)
  await authentication({ trustedProxies: 1 })(proxied)
  await authentication()(request)
  expect(warnings).toBe(1)
})
