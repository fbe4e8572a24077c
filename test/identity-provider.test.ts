import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { createClient, expectMember } from '../scripts/client/client.ts'
import { eventually } from '../testing/eventually.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)("users of the app's own identity provider, %s", (mode) => {
  const issuer = 'https://id.example'
  let provider: Server
  let product: Product
  let sign: (claims: JWTPayload) => Promise<string>

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }]
    provider = createServer((_request, response) => response.end(JSON.stringify({ keys })))
    await new Promise<void>((resolve) => {
      provider.listen(0, '127.0.0.1', resolve)
    })
    sign = (claims) =>
      new SignJWT({ iss: issuer, aud: 'moblog', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuedAt()
        .setExpirationTime('10 min')
        .sign(privateKey)
    const AUTH_JWKS_URL = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`
    product = await startProduct(mode, {
      env: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: 'moblog', AUTH_JWKS_URL },
    })
  })
  afterAll(async () => {
    await product?.close()
    provider.close()
  })

  const viewerOf = async (token: string) => {
    const { status, data } = await createClient(product.url, token).send('viewer', {})
    return { status, viewer: data?.viewer }
  }

  it('get an account with their first request, and can send friend requests', async () => {
    const token = await sign({ sub: 'a|1', preferred_username: 'ada', name: 'Ada 林' })
    const [first, second] = await Promise.all([viewerOf(token), viewerOf(token)])
    expect(first.viewer).toMatchObject({ handle: 'ada', displayName: 'Ada 林' })
    expect(second).toEqual(first)
    const bob = await viewerOf(await sign({ sub: 'b|2', name: 'Bob' }))
    const { requestFriend } = await createClient(product.url, token).ask('request-friend', {
      input: { userId: bob.viewer?.id ?? '' },
    })
    expectMember(requestFriend, 'RequestFriendPayload')
  })

  it('are refused with broken tokens and with tokens for another audience', async () => {
    const good = await sign({ sub: 'c|3' })
    expect((await viewerOf(good.slice(0, -4))).status).toBe(401)
    expect((await viewerOf(await sign({ sub: 'c|3', aud: 'shop' }))).status).toBe(401)
  })

  it('cannot use signUp and signIn', async () => {
    const client = createClient(product.url)
    const { signUp } = await client.ask('sign-up', {
      input: { handle: 'someone', displayName: 'Some', password: 'long enough' },
    })
    expect(expectMember(signUp, 'RequestFailed').code).toBe('NOT_ALLOWED')
    const { signIn } = await client.ask('sign-in', { input: { handle: 'ada', password: 'long enough' } })
    expect(expectMember(signIn, 'RequestFailed').code).toBe('NOT_ALLOWED')
  })

  it('do not get their deleted account back with a token that is still valid', async () => {
    const token = await sign({ sub: 'd|4', name: 'Dan' })
    expect((await viewerOf(token)).status).toBe(200)
    const { deleteAccount } = await createClient(product.url, token).ask('delete-account', { input: {} })
    expectMember(deleteAccount, 'DeleteAccountPayload')
    await eventually(
      () => viewerOf(token),
      ({ status }) => status === 401,
      2_000,
    )
    // A token that was signed just before the deletion is refused too, even if the provider's clock is ahead and the
    // token says that it was signed later.
    await sleep(1_100)
    expect((await viewerOf(await sign({ sub: 'd|4', name: 'Dan' }))).status).toBe(401)
  })
})
