import { createHash, createHmac, randomBytes } from 'node:crypto'

/** Creates a refresh token: 256 random bits, which are given out once and never stored. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Returns the stored hash of a refresh token. A plain SHA-256 is enough, because 256 random bits cannot be guessed. */
export function refreshTokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest())
}

/** Creates a salt for `successorOf`. */
export function newSuccessorSalt(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(32))
}

/**
 * Derives the token that replaces a presented one. The same token and salt always give the same result, so a client
 * that lost the answer can repeat its request. The salt is only in the database and the token only on the device:
 * neither alone reveals the successor.
 */
export function successorOf(token: string, salt: Uint8Array): string {
  return createHmac('sha256', salt).update(token).digest('base64url')
}
