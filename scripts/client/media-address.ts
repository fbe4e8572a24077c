/**
 * Returns the address of an original for a client that sends its token as `Authorization: Bearer`.
 *
 * @param url the address of the original with the token in it
 */
export function bareAddress(url: string): string {
  return url.replace(/\/v\/[^/]+\//, '/media/')
}

/** Returns the address of an original with a different token. */
export function withToken(url: string, token: string): string {
  return url.replace(/\/v\/[^/]+\//, `/v/${token}/`)
}

/** Returns a token with one bit of its signature flipped. */
export function withBrokenSignature(token: string): string {
  const [header, claims, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10)
  return [header, claims, bytes.toString('base64url')].join('.')
}
