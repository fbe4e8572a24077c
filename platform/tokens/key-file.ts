import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { hasCode } from '../system-error.ts'

/** A stored signing key: an Ed25519 JWK (RFC 8037). A key that no longer signs has no private part `d`. */
const storedKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string(),
  x: z.string(),
  d: z.string().optional(),
  /** When the key begins to sign, in milliseconds since 1970. The newest key that has begun is the one that signs. */
  signsFrom: z.number().default(0),
})

/** A stored signing key. */
export type StoredKey = z.infer<typeof storedKey>

// Before keys could be rotated, a file held one key and nothing else.
const contents = z.union([
  z.object({ keys: z.array(storedKey).min(1) }).transform(({ keys }) => keys),
  storedKey.transform((key) => [key]),
])

/** The path of the file with a service's keys. */
export function keyFile(directory: string, issuer: string): string {
  return path.join(directory, `${issuer}.json`)
}

/** Reads the keys in a file, newest first; null if there is no file. */
export async function readKeys(file: string): Promise<StoredKey[] | null> {
  try {
    return contents.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Returns a value that changes whenever the file is replaced; null if there is no file. */
export async function fileStamp(file: string): Promise<string | null> {
  try {
    const { ino, mtimeMs } = await stat(file)
    return `${ino} ${mtimeMs}`
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Creates a new key that begins to sign at `signsFrom`, in milliseconds since 1970. */
export async function generateKey(signsFrom: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk: JWK = await exportJWK(privateKey)
  return storedKey.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk), signsFrom })
}

/**
 * Creates and stores the first key of a service. If several processes do so at the same time, one wins and all get its
 * key.
 */
export async function createKeys(file: string): Promise<StoredKey[]> {
  const keys = [await generateKey(0)]
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = await writeDraft(file, keys)
  try {
    // link() fails if the file exists.
    await link(draft, file)
    return keys
  } catch (error) {
    const others = await readKeys(file)
    if (!others) throw error
    return others
  } finally {
    await rm(draft)
  }
}

/** Replaces all keys in a file at once. */
export async function replaceKeys(file: string, keys: readonly StoredKey[]): Promise<void> {
  await rename(await writeDraft(file, keys), file)
}

async function writeDraft(file: string, keys: readonly StoredKey[]): Promise<string> {
  const draft = `${file}.${randomUUID()}`
  // Only the owner can read the file, from its first byte on.
  await writeFile(draft, `${JSON.stringify({ keys })}\n`, { mode: 0o600, flag: 'wx' })
  return draft
}
