import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { hasCode } from '../system-error.ts'

/** What a service signs with: its private key stays inside, its public key is there for everyone. */
export type Keyring = {
  /** The service's name, the `iss` claim of all that it signs. */
  issuer: string
  /** The public keys, for `/.well-known/jwks.json` (RFC 7517). */
  jwks: JSONWebKeySet
  /**
   * Signs a JWT (RFC 7519) with EdDSA.
   *
   * @param typ the kind of token (RFC 8725 §3.11), for example `media+jwt`, so that one kind never passes for another
   */
  sign(claims: JWTPayload & { aud: string; exp: number }, typ: string): Promise<string>
}

/**
 * Opens the key of a service, making it on first use. The file is readable by its owner alone.
 *
 * @param directory where keys are kept; replicas of one service share it
 */
export async function openKeyring(directory: string, issuer: string): Promise<Keyring> {
  const file = path.join(directory, `${issuer}.json`)
  const stored = (await readKey(file)) ?? (await createKey(file))
  const { d: _private, ...shared } = stored
  const privateKey = await importJWK(stored, 'EdDSA')
  const kid = stored.kid ?? (await calculateJwkThumbprint(stored))
  return {
    issuer,
    jwks: { keys: [{ ...shared, kid, alg: 'EdDSA', use: 'sig' }] },
    sign: (claims, typ) =>
      new SignJWT({ ...claims, iss: issuer }).setProtectedHeader({ alg: 'EdDSA', kid, typ }).sign(privateKey),
  }
}

async function readKey(file: string): Promise<JWK | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

async function createKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = await exportJWK(privateKey)
  const complete = { ...jwk, kid: await calculateJwkThumbprint(jwk) }
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(complete), { mode: 0o600 })
  try {
    // link() refuses to replace: of two processes that start at once, one key wins and both use it.
    await link(draft, file)
    return complete
  } catch {
    return JSON.parse(await readFile(file, 'utf8'))
  } finally {
    await rm(draft)
  }
}
