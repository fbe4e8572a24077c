import { importJWK, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'
import { type Clock, systemClock } from '../clock.ts'
import { createKeys, fileStamp, keyFile, readKeys, type StoredKey } from './key-file.ts'

/** The signing keys of a service. Private keys stay inside; public keys are available to everyone. */
export type Keyring = {
  /** The service's name, the `iss` claim of all its tokens. */
  issuer: string
  /**
   * The public keys (RFC 7517) as last read: the key that signs, the next key, and former keys whose tokens may still
   * be in use.
   */
  readonly jwks: JSONWebKeySet
  /**
   * The public keys. They are read again if the last time was more than a second ago. The object stays the same until
   * the keys change.
   */
  currentJwks(): Promise<JSONWebKeySet>
  /** The id of the key that signs now. */
  keyId(): Promise<string>
  /**
   * Signs a JWT (RFC 7519) with EdDSA.
   *
   * @param typ the kind of token (RFC 8725 §3.11), for example `media+jwt`, so that one kind is never accepted as
   *   another
   */
  sign(claims: JWTPayload & { aud: string; exp: number }, typ: string): Promise<string>
}

const LOOK_EVERY_MS = 1_000

/**
 * Opens the keys of a service and creates the first key on first use. Only the owner can read the file. If the file is
 * replaced (`rotateKeys`), a keyring in use notices within a second.
 *
 * @param directory the folder of the keys, which the replicas of one service share
 */
export async function openKeyring(
  directory: string,
  issuer: string,
  clock: Clock = systemClock,
): Promise<Keyring> {
  const file = keyFile(directory, issuer)
  const now = () => clock().getTime()
  const read = async () => {
    const stamp = await fileStamp(file)
    const keys = (await readKeys(file)) ?? (await createKeys(file))
    return { stamp, jwks: publicKeys(keys), signers: await signersOf(keys) }
  }
  let held = await read()
  let lookedAt = now()

  const look = async () => {
    if (now() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = now()
    // If the file cannot be read, the loaded keys stay in use: their signatures can still be verified.
    const stamp = await fileStamp(file).catch(() => held.stamp)
    if (stamp !== held.stamp) held = await read().catch(() => held)
  }

  const signerNow = async () => {
    await look()
    // A machine whose clock is ahead may have created the keys, so all of them start to sign in the future. Then the
    // oldest key signs.
    const signer = held.signers.find(({ signsFrom }) => signsFrom <= now()) ?? held.signers.at(-1)
    if (!signer) throw new Error(`${issuer} has no private key to sign with`)
    return signer
  }

  return {
    issuer,
    get jwks() {
      return held.jwks
    },
    async currentJwks() {
      await look()
      return held.jwks
    },
    keyId: async () => (await signerNow()).kid,
    async sign(claims, typ) {
      const signer = await signerNow()
      return new SignJWT({ ...claims, iss: issuer })
        .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid, typ })
        .sign(signer.key)
    },
  }
}

function publicKeys(keys: readonly StoredKey[]): JSONWebKeySet {
  return { keys: keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' })) }
}

function signersOf(keys: readonly StoredKey[]) {
  return Promise.all(
    keys
      .filter(({ d }) => d !== undefined)
      .map(async ({ kty, crv, x, d, kid, signsFrom }) => ({
        kid,
        signsFrom,
        key: await importJWK({ kty, crv, x, ...(d !== undefined && { d }) }, 'EdDSA'),
      })),
  )
}
