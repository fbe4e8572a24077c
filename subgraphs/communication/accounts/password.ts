import { hash, verify } from '@node-rs/argon2'

// OWASP Password Storage Cheat Sheet, Argon2id: m=19456 (19 MiB), t=2, p=1. Argon2id is the default algorithm.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// Longer than any passphrase, and short enough that hashing it costs no more than hashing any other.
const MAX_LENGTH = 256
const MIN_LENGTH = 8

let dummyHash: Promise<string> | undefined

/** Returns why a text cannot be a password; null if it can. */
export function passwordProblem(password: string): string | null {
  if (password.length > MAX_LENGTH) return `The password is too long. Use at most ${MAX_LENGTH} characters.`
  return [...password].length < MIN_LENGTH
    ? `The password is too short. Use at least ${MIN_LENGTH} characters.`
    : null
}

/** Hashes a password for storage, with Argon2id in PHC format. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), COST)
}

/**
 * Whether a password matches a hash. Without a hash, the check takes as long as with one, so the response time does not
 * reveal which handles exist.
 */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (password.length > MAX_LENGTH) return false
  if (passwordHash !== null) return verify(passwordHash, normal(password))
  dummyHash ??= hashPassword('hashed for unknown handles')
  await verify(await dummyHash, normal(password))
  return false
}

/** Creates the hash that `isPassword` compares with if there is none, so the first call does not take longer either. */
export async function preparePasswords(): Promise<void> {
  dummyHash ??= hashPassword('hashed for unknown handles')
  await dummyHash
}

// NIST SP 800-63B-4 §3.1.1.2: different keyboards produce different code points for the same password.
function normal(password: string): string {
  return password.normalize('NFKC')
}
