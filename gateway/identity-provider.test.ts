import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { readIdentityProvider } from '../platform/identity/identity-provider-settings.ts'
import type { PeerClient } from '../platform/subgraph/peer.ts'
import { onRealSchema } from '../testing/fake-service.ts'
import { createIdentityProvider } from './identity-provider.ts'

const ISSUER = 'https://id.example/'
const AUDIENCE = 'moblog'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

/** An identity provider: its keys by `kid`, and how it answers. */
const provider: {
  server: Server
  keys: Map<string, Keys & { alg: string }>
  jwks: JWK[]
  fetched: number
  status: number
} = {
  server: createServer((_request, response) => {
    provider.fetched += 1
    response.writeHead(provider.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: provider.jwks }))
  }),
  keys: new Map(),
  jwks: [],
  fetched: 0,
  status: 200,
}
let url: URL
let asked: Record<string, unknown>[]
let userId: string | null
let read: ReturnType<typeof createIdentityProvider>

const communication: PeerClient = {
  execute: onRealSchema('communication', async ({ variables }) => {
    asked.push(variables?.input as Record<string, unknown>)
    return { data: { provisionUser: userId } }
  }),
  close: async () => {},
}

async function addKey(kid: string, alg: string) {
  const keys = await generateKeyPair(alg, { extractable: true })
  provider.keys.set(kid, { ...keys, alg })
  provider.jwks.push({ ...(await exportJWK(keys.publicKey)), kid, alg, use: 'sig' })
}

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA']) await addKey(alg, alg)
  await new Promise<void>((resolve) => {
    provider.server.listen(0, '127.0.0.1', resolve)
  })
  url = new URL(`http://127.0.0.1:${(provider.server.address() as AddressInfo).port}/jwks.json`)
})
afterAll(() => new Promise((resolve) => provider.server.close(resolve)))
beforeEach(() => {
  Object.assign(provider, { fetched: 0, status: 200 })
  asked = []
  userId = '01890000-0000-7000-8000-000000000001'
  read = createIdentityProvider({ issuer: ISSUER, jwksUrl: url, audience: AUDIENCE }, communication)
})

const now = () => Math.floor(Date.now() / 1000)
async function token(claims: JWTPayload = {}, kid = 'RS256', signer = provider.keys.get(kid)) {
  if (!signer) throw new Error(`no key ${kid}`)
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', iat: now(), exp: now() + 600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: signer.alg, kid, typ: 'JWT' }).sign(signer.privateKey)
}

describe("a token of the app's own identity provider", () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('is accepted if it is signed with %s', async (alg) => {
    const session = await read(await token({}, alg))
    expect(session).toMatchObject({ userId })
    expect(session?.expiresAt).toBeGreaterThan(Date.now())
  })

  it("supplies the user's claims after its signature is verified", async () => {
    const claims = { preferred_username: 'ada.l', name: 'Ada Lovelace', iat: now() - 30 }
    await read(await token(claims))
    expect(asked).toEqual([
      {
        issuer: ISSUER,
        subject: 'ada',
        preferredUsername: 'ada.l',
        name: 'Ada Lovelace',
        issuedAt: new Date(claims.iat * 1000).toISOString(),
      },
    ])
  })

  it.each([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['for another audience', { aud: 'shop' }],
    ['without an audience', { aud: undefined as unknown as string }],
    ['without a subject', { sub: undefined as unknown as string }],
    ['with a subject of 10,000 characters', { sub: 'x'.repeat(10_000) }],
    ['without an expiry', { exp: undefined as unknown as number }],
    ['that expired three minutes ago', { exp: now() - 180 }],
    ['that becomes valid in three minutes', { nbf: now() + 180 }],
  ])('is refused if it is a token %s', async (_what, claims) => {
    expect(await read(await token(claims))).toBeNull()
    expect(asked).toEqual([])
  })

  it.each([
    ['expired', { exp: now() - 100 }],
    ['becomes valid', { nbf: now() + 100 }],
    ['was issued', { iat: now() + 110 }],
  ])(
    'is accepted from a provider with two minutes of clock skew: it %s within that time',
    async (_what, claims) => {
      expect(await read(await token(claims))).not.toBeNull()
      expect(Date.parse(String(asked[0]?.issuedAt))).toBeLessThanOrEqual(Date.now())
    },
  )

  it('is refused if another key signed it', async () => {
    const other = { ...(await generateKeyPair('RS256')), alg: 'RS256' }
    expect(await read(await token({}, 'RS256', other))).toBeNull()
  })

  it('is refused if it is signed with the public key as an HMAC secret, or unsigned', async () => {
    const [header, claims] = (await token()).split('.')
    const secret = new TextEncoder().encode(JSON.stringify(provider.jwks[0]))
    const forged = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: now() + 600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
      .sign(secret)
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'RS256' })).toString('base64url')
    for (const bad of [forged, `${none}.${claims}.`, `${header}.${claims}.`, 'nonsense']) {
      expect(await read(bad)).toBeNull()
    }
  })

  it('is refused if it was issued before the account was deleted', async () => {
    userId = null
    expect(await read(await token())).toBeNull()
  })
})

describe("the identity provider's keys", () => {
  it('are fetched once for many tokens', async () => {
    for (let i = 0; i < 20; i++) await read(await token({ sub: `user${i}` }))
    expect(provider.fetched).toBe(1)
  })

  it('are fetched again when a token names a new key', async () => {
    await read(await token())
    await addKey('next', 'ES256')
    // The keys are not fetched again for some seconds, so that made-up `kid` values cannot cause endless fetches.
    const made = await token({}, 'next')
    const started = Date.now()
    while ((await read(made)) === null && Date.now() - started < 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(await read(made)).not.toBeNull()
    expect(provider.fetched).toBe(2)
  })

  it('cause SERVICE_UNAVAILABLE, and do not invalidate the token, if they cannot be fetched', async () => {
    provider.status = 500
    await expect(read(await token())).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
    provider.status = 200
    const away = createIdentityProvider(
      { issuer: ISSUER, jwksUrl: new URL('http://127.0.0.1:9/'), audience: AUDIENCE },
      communication,
    )
    await expect(away(await token())).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  })
})

it('the identity provider needs all three settings or none', () => {
  const all = { AUTH_ISSUER: ISSUER, AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_AUDIENCE: AUDIENCE }
  expect(readIdentityProvider(all)).toMatchObject({ issuer: ISSUER, audience: AUDIENCE })
  expect(readIdentityProvider({})).toBeNull()
  for (const name of Object.keys(all)) {
    expect(() => readIdentityProvider({ ...all, [name]: undefined })).toThrow('all three')
  }
})
