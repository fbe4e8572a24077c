import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  sign,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

type Part = Record<string, unknown>

const encode = (part: Part | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
const decode = (part = ''): Part => JSON.parse(Buffer.from(part, 'base64url').toString())

/** What a forger has: a token, and the public key that verifies it. */
export type Specimen = { token: string; publicKey: JsonWebKey & { kid: string } }

/** Makes a forged token from a valid one. */
type Forge = (specimen: Specimen) => string

const rebuilt =
  (
    change: (header: Part, claims: Part) => [Part | string, Part | string],
    signer: (body: string) => Buffer,
  ): Forge =>
  ({ token }) => {
    const [header, claims] = token.split('.')
    const body = change(decode(header), decode(claims)).map(encode).join('.')
    return `${body}.${signer(body).toString('base64url')}`
  }
const withSignature =
  (change: (signature: Buffer) => Buffer): Forge =>
  ({ token }) => {
    const [header, claims, signature = ''] = token.split('.')
    return [header, claims, change(Buffer.from(signature, 'base64url')).toString('base64url')].join('.')
  }
const oldSignature =
  (change: (header: Part, claims: Part) => [Part | string, Part | string]): Forge =>
  ({ token }) => {
    const [header, claims, signature] = token.split('.')
    return [...change(decode(header), decode(claims)).map(encode), signature].join('.')
  }
const hmac =
  (keyOf: (publicKey: JsonWebKey) => string | Buffer): Forge =>
  (specimen) =>
    rebuilt(
      (header, claims) => [{ ...header, alg: 'HS256' }, claims],
      (body) => createHmac('sha256', keyOf(specimen.publicKey)).update(body).digest(),
    )(specimen)
const pem = (jwk: JsonWebKey) =>
  createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()

const own = generateKeyPairSync('ed25519')
const ownJwk = own.publicKey.export({ format: 'jwk' })
const bySelf = (body: string) => sign(null, Buffer.from(body), own.privateKey)
const nothing = () => Buffer.alloc(0)
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed448 = generateKeyPairSync('ed448')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

// The order of Ed25519's group (RFC 8032 §5.1). Adding it to S gives the same point, which must be refused (§5.1.7).
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n

function plusOrder(signature: Buffer): Buffer {
  const scalar = Buffer.from(signature.subarray(32)).reverse().toString('hex')
  const sum = (BigInt(`0x${scalar}`) + ORDER).toString(16).padStart(64, '0')
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum, 'hex').reverse()])
}

/** Forgeries without any key of ours, from RFC 8725 §2 and from collections of JOSE test vectors. */
export const FORGERIES: Record<string, Forge> = {
  'without a signature, alg none': rebuilt((header, claims) => [{ ...header, alg: 'none' }, claims], nothing),
  'alg None': rebuilt((header, claims) => [{ ...header, alg: 'None' }, claims], nothing),
  'alg none with the old signature': oldSignature((header, claims) => [{ ...header, alg: 'none' }, claims]),
  'alg missing': oldSignature(({ alg: _alg, ...header }, claims) => [header, claims]),
  'without a signature': rebuilt((header, claims) => [header, claims], nothing),
  'HS256 with the public key’s bytes': hmac(({ x = '' }) => Buffer.from(x, 'base64url')),
  'HS256 with the public key’s text': hmac(({ x = '' }) => x),
  'HS256 with the public key as PEM': hmac(pem),
  'HS256 with the public key as JSON': hmac((jwk) => JSON.stringify(jwk)),
  'signed by a key of the forger’s own': rebuilt((header, claims) => [header, claims], bySelf),
  'a key in the header': rebuilt((header, claims) => [{ ...header, jwk: ownJwk }, claims], bySelf),
  'a key set at an address': rebuilt(
    (header, claims) => [{ ...header, jku: 'http://127.0.0.1:9/jwks.json' }, claims],
    bySelf,
  ),
  'a critical extension': oldSignature((header, claims) => [{ ...header, crit: ['exp'] }, claims]),
  'another kid': oldSignature((header, claims) => [{ ...header, kid: 'x' }, claims]),
  'a kid that is a path': rebuilt(
    (header, claims) => [{ ...header, kid: '../../../../dev/null' }, claims],
    bySelf,
  ),
  'no kid': rebuilt(({ kid: _kid, ...header }, claims) => [header, claims], bySelf),
  'ES256, curve P-256': rebuilt(
    (header, claims) => [{ ...header, alg: 'ES256' }, claims],
    (body) => sign('sha256', Buffer.from(body), { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  'EdDSA with curve Ed448': rebuilt(
    (header, claims) => [header, claims],
    (body) => sign(null, Buffer.from(body), ed448.privateKey),
  ),
  RS256: rebuilt(
    (header, claims) => [{ ...header, alg: 'RS256' }, claims],
    (body) => sign('sha256', Buffer.from(body), rsa.privateKey),
  ),
  'a signature of zeros': withSignature(() => Buffer.alloc(64)),
  'a signature that is truncated': withSignature((signature) => signature.subarray(0, 63)),
  'a signature with a zero after it': withSignature((signature) =>
    Buffer.concat([signature, Buffer.alloc(1)]),
  ),
  'a signature twice': withSignature((signature) => Buffer.concat([signature, signature])),
  'a signature with S + L': withSignature(plusOrder),
  'a signature with its halves swapped': withSignature((signature) =>
    Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]),
  ),
  'a signature with padding': ({ token }) => `${token}==`,
  'a signature whose unused bits are set': ({ token }) => {
    // 64 bytes leave four bits of the last letter unused.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    return token.slice(0, -1) + letters[letters.indexOf(token.slice(-1)) ^ 1]
  },
  'white space in it': ({ token }) => token.replace('.', '.%20'),
  'a fourth part': ({ token }) => `${token}.`,
  'two parts': ({ token }) => token.split('.').slice(0, 2).join('.'),
  'five parts, as if encrypted': ({ token }) => `${token}.${token.split('.')[2]}.${token.split('.')[2]}`,
  'a later end': oldSignature((header, claims) => [header, { ...claims, exp: 4_000_000_000 }]),
  'a later issue': oldSignature((header, claims) => [header, { ...claims, iat: 3_999_999_999 }]),
  'another viewer': oldSignature((header, claims) => [
    header,
    { ...claims, sub: '019b0000-0000-7000-8000-000000000000' },
  ]),
  'a claim twice': oldSignature((header, claims) => [
    header,
    JSON.stringify(claims).replace('{', '{"exp":1,'),
  ]),
}

/** Returns tokens that an attacker could sign with the private key of a service other than `communication`. */
export function forgedWithKeyOf(dataDir: string, service: string, { token, publicKey }: Specimen): string[] {
  const { keys } = JSON.parse(readFileSync(path.join(dataDir, 'keys', `${service}.json`), 'utf8'))
  const key = createPrivateKey({ key: keys[0], format: 'jwk' })
  const signer = (body: string) => sign(null, Buffer.from(body), key)
  const as = (change: (header: Part, claims: Part) => [Part, Part]) =>
    rebuilt(change, signer)({ token, publicKey })
  return [
    as((header, claims) => [{ ...header, kid: keys[0].kid }, claims]),
    as((header, claims) => [header, claims]),
    as((header, claims) => [
      { ...header, kid: keys[0].kid },
      { ...claims, iss: service },
    ]),
  ]
}

/** Returns tokens that are signed with the real key, but that `communication` would never issue. */
export function signedAmiss(dataDir: string, { token }: Specimen): Record<string, string> {
  const { keys } = JSON.parse(readFileSync(path.join(dataDir, 'keys', 'communication.json'), 'utf8'))
  const key = createPrivateKey({ key: keys[0], format: 'jwk' })
  const now = Math.floor(Date.now() / 1000)
  const as = (change: (header: Part, claims: Part) => [Part | string, Part | string]) =>
    rebuilt(change, (body) => sign(null, Buffer.from(body), key))({ token, publicKey: { kid: '' } })
  return {
    'issued an hour from now': as((header, claims) => [
      header,
      { ...claims, iat: now + 3_600, exp: now + 7_200 },
    ]),
    'ending in a year': as((header, claims) => [header, { ...claims, exp: now + 365 * 24 * 3_600 }]),
    'without an end': as((header, { exp: _exp, ...claims }) => [header, claims]),
    'with an end that is a text': as((header, claims) => [header, { ...claims, exp: '4000000000' }]),
    'with a claim twice': as((header, claims) => [header, JSON.stringify(claims).replace('{', '{"exp":1,')]),
    'for another audience': as((header, claims) => [
      header,
      { ...claims, aud: claims.aud === 'gateway' ? 'blog' : 'gateway' },
    ]),
    'of another kind': as((header, claims) => [{ ...header, typ: 'JWT' }, claims]),
    'of another issuer': as((header, claims) => [header, { ...claims, iss: 'blog' }]),
    'not valid yet': as((header, claims) => [header, { ...claims, nbf: now + 3_600 }]),
  }
}
