import path from 'node:path'
import { type Keyring, openKeyring } from '../platform/tokens/keyring.ts'
import { createVerifier, type Verifier } from '../platform/tokens/verifier.ts'
import { type Addresses, jwksAddress } from './addresses.ts'
import { ISSUERS, type Issuer } from './services.ts'

/** Opens the signing key of one service, which is stored below the data folder. */
export function openOwnKeyring(name: Issuer, dataDir: string): Promise<Keyring> {
  return openKeyring(path.join(dataDir, 'keys'), name)
}

/**
 * Creates a verifier that fetches the services' public keys over HTTP. Used when each service runs in a separate
 * process.
 */
export function remoteVerifier(addresses: Addresses): Verifier {
  return createVerifier(Object.fromEntries(ISSUERS.map((name) => [name, jwksAddress(name, addresses)])))
}

/** Creates a verifier for the keys of the services in this process. */
export function localVerifier(keyrings: readonly Keyring[]): Verifier {
  return createVerifier(Object.fromEntries(keyrings.map((keyring) => [keyring.issuer, keyring.currentJwks])))
}
