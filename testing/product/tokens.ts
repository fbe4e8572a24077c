import { generateKeyPairSync, sign } from 'node:crypto'

type Claims = Record<string, unknown>

/** Decodes the header and the claims of a JWT without verifying it. */
export function decodeToken(token: string): { header: Claims; claims: Claims } {
  const [header = '', claims = ''] = token.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
  return { header: read(header), claims: read(claims) }
}

const encode = (part: Claims) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Returns a token with changed claims and the old signature. */
export function withClaims(token: string, changes: Claims): string {
  const { claims } = decodeToken(token)
  const [header = '', , signature = ''] = token.split('.')
  return [header, encode({ ...claims, ...changes }), signature].join('.')
}

/** Returns a token with the same claims and no signature (RFC 7519 §6). */
export function unsecured(token: string): string {
  const { header, claims } = decodeToken(token)
  return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`
}

/** Returns a token with the same header and claims, correctly signed with an unknown key. */
export function signedBySomeoneElse(token: string): string {
  const [header, claims] = token.split('.')
  const { privateKey } = generateKeyPairSync('ed25519')
  const signature = sign(null, Buffer.from(`${header}.${claims}`), privateKey)
  return `${header}.${claims}.${signature.toString('base64url')}`
}
