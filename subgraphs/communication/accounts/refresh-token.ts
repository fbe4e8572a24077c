import { createHash, randomBytes } from 'node:crypto'

/** A new refresh token: 256 random bits, to be given out once and never kept. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a refresh token. A plain hash will do: nobody guesses 256 bits. */
export function refreshTokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest())
}
