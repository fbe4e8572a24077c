import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Keyring, openKeyring } from './keyring.ts'
import { createVerifier, type Verifier } from './verifier.ts'

const expected = { issuer: 'alice', audience: 'bob', typ: 'note+jwt' }
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

let directory: string
let alice: Keyring
let mallory: Keyring
let verifier: Verifier

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'moblog-tokens-'))
  alice = await openKeyring(directory, 'alice')
  mallory = await openKeyring(directory, 'mallory')
  verifier = createVerifier({ alice: alice.jwks, mallory: mallory.jwks })
})
afterAll(() => rm(directory, { recursive: true }))

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = () => ({ iss: 'alice', aud: 'bob', sub: 'x', exp: inAnHour() })

describe('a keyring', () => {
  it('is readable only for its owner', async () => {
    expect((await stat(path.join(directory, 'alice.json'))).mode & 0o777).toBe(0o600)
  })

  it('never exposes its private key', () => {
    expect(JSON.stringify(alice.jwks)).not.toContain('"d"')
  })

  it('is the same for processes that start at once', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyring(directory, 'together')))
    expect(new Set(rings.map(({ jwks }) => jwks.keys[0]?.kid)).size).toBe(1)
    expect((await readdir(directory)).filter((name) => name.startsWith('together'))).toEqual([
      'together.json',
    ])
  })
})

describe('a verifier', () => {
  it('refuses a token exactly from its expiry on, also within a second', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60.5
    const token = await alice.sign({ aud: 'bob', exp }, 'note+jwt')
    const at = (seconds: number) => verifier.verify(token, { ...expected, now: new Date(seconds * 1000) })
    await expect(at(exp - 0.001)).resolves.toMatchObject({ exp })
    await expect(at(exp)).rejects.toThrow()
  })

  it('returns the claims of a token that meets all expectations', async () => {
    const token = await alice.sign({ aud: 'bob', exp: inAnHour(), sub: 'x' }, 'note+jwt')
    await expect(verifier.verify(token, expected)).resolves.toMatchObject({ sub: 'x', iss: 'alice' })
  })

  const forgeries: [string, () => Promise<string> | string][] = [
    ['is expired', () => alice.sign({ aud: 'bob', exp: 1 }, 'note+jwt')],
    ['never expires', () => alice.sign({ aud: 'bob' } as never, 'note+jwt')],
    ['is for another audience', () => alice.sign({ aud: 'carol', exp: inAnHour() }, 'note+jwt')],
    ['is of another kind', () => alice.sign({ aud: 'bob', exp: inAnHour() }, 'other+jwt')],
    ['is signed by another issuer', () => mallory.sign({ aud: 'bob', exp: inAnHour() }, 'note+jwt')],
    ['is not a token', () => 'nonsense'],
    ['has the algorithm "none"', () => `${encode({ alg: 'none', typ: 'note+jwt' })}.${encode(claims())}.`],
    [
      'is an HMAC keyed with the public key',
      () => {
        const key = alice.jwks.keys[0]
        const body = `${encode({ alg: 'HS256', typ: 'note+jwt', kid: key?.kid })}.${encode(claims())}`
        return `${body}.${createHmac('sha256', String(key?.x)).update(body).digest('base64url')}`
      },
    ],
    [
      "is signed with a forger's key that is included in the header",
      () => {
        const pair = generateKeyPairSync('ed25519')
        const jwk = pair.publicKey.export({ format: 'jwk' })
        const header = { alg: 'EdDSA', typ: 'note+jwt', kid: alice.jwks.keys[0]?.kid, jwk }
        const body = `${encode(header)}.${encode(claims())}`
        return `${body}.${sign(null, Buffer.from(body), pair.privateKey).toString('base64url')}`
      },
    ],
    [
      'was changed after signing',
      async () => {
        const [header, , signature] = (
          await alice.sign({ aud: 'bob', exp: inAnHour(), sub: 'x' }, 'note+jwt')
        ).split('.')
        return [header, encode({ ...claims(), sub: 'y' }), signature].join('.')
      },
    ],
    [
      'has a truncated signature',
      async () => (await alice.sign({ aud: 'bob', exp: inAnHour() }, 'note+jwt')).slice(0, -8),
    ],
  ]
  it.each(forgeries)('refuses a token that %s', async (_what, forge) => {
    await expect(verifier.verify(await forge(), expected)).rejects.toThrow()
  })

  it('refuses an unknown issuer', async () => {
    const token = await alice.sign({ aud: 'bob', exp: inAnHour() }, 'note+jwt')
    await expect(verifier.verify(token, { ...expected, issuer: 'nobody' })).rejects.toThrow('no keys')
  })
})
