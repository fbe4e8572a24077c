import path from 'node:path'
import { type Keyring, openKeyring } from '../platform/tokens/keyring.ts'
import { createVerifier, type Verifier } from '../platform/tokens/verifier.ts'
import { type Addresses, ISSUERS, type Issuer, jwksAddress } from './addresses.ts'

/** The signing key of one service, kept under the data folder. */
export function openOwnKeyring(name: Issuer, dataDir: string): Promise<Keyring> {
  return openKeyring(path.join(dataDir, 'keys'), name)
}

/** Trusts the services at their addresses; used where each runs in a process of its own. */
export function remoteVerifier(addresses: Addresses): Verifier {
  return createVerifier(Object.fromEntries(ISSUERS.map((name) => [name, jwksAddress(name, addresses)])))
}

/** Trusts the services of this process. */
export function localVerifier(keyrings: readonly Keyring[]): Verifier {
  return createVerifier(Object.fromEntries(keyrings.map((keyring) => [keyring.issuer, keyring.currentJwks])))
}
