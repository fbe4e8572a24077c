import { generateKeyPairSync, sign } from 'node:crypto'

type Claims = Record<string, unknown>

/** The header and the claims of a JWT, unverified. */
export function decodeToken(token: string): { header: Claims; claims: Claims } {
  const [header = '', claims = ''] = token.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
  return { header: read(header), claims: read(claims) }
}

const encode = (part: Claims) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token with some claims changed and the signature left as it was. */
export function withClaims(token: string, changes: Claims): string {
  const { claims } = decodeToken(token)
  const [header = '', , signature = ''] = token.split('.')
  return [header, encode({ ...claims, ...changes }), signature].join('.')
}

/** A token with one bit of its signature turned. */
export function withBrokenSignature(token: string): string {
  const [header, claims, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10)
  return [header, claims, bytes.toString('base64url')].join('.')
}

/** The same claims without a signature (RFC 7519 §6). */
export function unsecured(token: string): string {
  const { header, claims } = decodeToken(token)
  return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`
}

/** The same header and claims, correctly signed by a key that nobody trusts. */
export function signedBySomeoneElse(token: string): string {
  const [header, claims] = token.split('.')
  const { privateKey } = generateKeyPairSync('ed25519')
  const signature = sign(null, Buffer.from(`${header}.${claims}`), privateKey)
  return `${header}.${claims}.${signature.toString('base64url')}`
}
