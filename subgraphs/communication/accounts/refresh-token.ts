import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A new refresh token: 256 random bits, to be given out once and never kept. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a refresh token. A plain hash will do: nobody guesses 256 bits. */
export function refreshTokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest())
}

/** A new salt for `successorOf`. */
export function newSuccessorSalt(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(32))
}

/**
 * The token that follows one that is presented. Whoever has both the token and the salt gets the same again, so that a
 * request can be repeated whose answer was lost. The salt is in the database and the token only with its device: neither
 * alone tells anything about what follows.
 */
export function successorOf(token: string, salt: Uint8Array): string {
  return createHmac('sha256', salt).update(token).digest('base64url')
}
