import { importJWK, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'
import { type Clock, systemClock } from '../clock.ts'
import { createKeys, fileStamp, keyFile, readKeys, type StoredKey } from './key-file.ts'

/** What a service signs with: its private key stays inside, its public keys are there for everyone. */
export type Keyring = {
  /** The service's name, the `iss` claim of all that it signs. */
  issuer: string
  /**
   * The public keys (RFC 7517) as they were when last looked at: that with which it signs, the next one, and former
   * ones with which tokens may still be about.
   */
  readonly jwks: JSONWebKeySet
  /** The public keys, looked at again if that was more than a second ago: the same object until they change. */
  currentJwks(): Promise<JSONWebKeySet>
  /** The id of the key that signs now. */
  keyId(): Promise<string>
  /**
   * Signs a JWT (RFC 7519) with EdDSA.
   *
   * @param typ the kind of token (RFC 8725 §3.11), for example `media+jwt`, so that one kind never passes for another
   */
  sign(claims: JWTPayload & { aud: string; exp: number }, typ: string): Promise<string>
}

const LOOK_EVERY_MS = 1_000

/**
 * Opens the keys of a service, making the first on first use. The file is readable by its owner alone. When it is
 * replaced (`rotateKeys`), this is noticed within a second of use.
 *
 * @param directory where keys are kept; replicas of one service share it
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
    // A file that can't be read leaves things as they are: what is signed by a key that is held can be verified.
    const stamp = await fileStamp(file).catch(() => held.stamp)
    if (stamp !== held.stamp) held = await read().catch(() => held)
  }

  const signerNow = async () => {
    await look()
    // Where none has begun, the keys were made by a clock that runs ahead: the first of them then signs already.
    const signer = held.signers.find(({ signsFrom }) => signsFrom <= now()) ?? held.signers.at(-1)
    if (!signer) throw new Error(`${issuer} has no key that signs`)
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
