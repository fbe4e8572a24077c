import { hash, verify } from '@node-rs/argon2'

// OWASP Password Storage Cheat Sheet, Argon2id: m=19456 (19 MiB), t=2, p=1. The algorithm is Argon2id by default.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// Longer than any passphrase, and short enough that hashing it costs no more than hashing any other.
const MAX_LENGTH = 256
const MIN_LENGTH = 8

let dummyHash: Promise<string> | undefined

/** Why a text can't be a password; null where it can. */
export function passwordProblem(password: string): string | null {
  if (password.length > MAX_LENGTH) return `A password has at most ${MAX_LENGTH} characters.`
  return [...password].length < MIN_LENGTH ? `A password has at least ${MIN_LENGTH} characters.` : null
}

/** Hashes a password for keeping, with Argon2id in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), COST)
}

/**
 * Whether it is the password that was hashed. Where there is no hash, it takes as long as where there is one, so that
 * time does not tell which handles exist.
 */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (password.length > MAX_LENGTH) return false
  if (passwordHash !== null) return verify(passwordHash, normal(password))
  dummyHash ??= hashPassword('nobody has this password')
  await verify(await dummyHash, normal(password))
  return false
}

/** Makes what `isPassword` compares with where there is no hash, so that not even the first call takes longer. */
export async function preparePasswords(): Promise<void> {
  dummyHash ??= hashPassword('nobody has this password')
  await dummyHash
}

// NIST SP 800-63B-4 §3.1.1.2: the same password is typed as different code points by different keyboards.
function normal(password: string): string {
  return password.normalize('NFKC')
}
