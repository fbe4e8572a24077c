import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Keyring } from '../tokens/keyring.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Caller } from './caller.ts'

const LIFETIME_SECONDS = 60
const VIEWER_TYP = 'viewer+jwt'
const SERVICE_TYP = 'service+jwt'

/** The one service whose word about a viewer is taken. */
export const GATEWAY = 'gateway'

/**
 * Signs who is asking, for one service and for a minute.
 *
 * @param audience the name of the service that is asked
 */
export function signCaller(keyring: Keyring, caller: Caller, audience: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS
  if (caller.kind === 'service') return keyring.sign({ aud: audience, exp }, SERVICE_TYP)
  const identity = caller.userId === null ? {} : { sub: caller.userId, sid: caller.sessionId }
  const origin = caller.address === undefined ? {} : { address: caller.address }
  return keyring.sign({ aud: audience, exp, ...identity, ...origin }, VIEWER_TYP)
}

/**
 * Reads who is asking from a token that `signCaller` made.
 *
 * @param audience the name of the service that reads
 * @param services the services that may call this one on their own behalf
 * @throws Error whatever is wrong with the token
 */
export async function readCaller(
  verifier: Verifier,
  token: string,
  audience: string,
  services: readonly string[],
): Promise<Caller> {
  // Read before the signature is checked, only to choose what to check the token against.
  const { typ } = decodeProtectedHeader(token)
  const { iss = '' } = decodeJwt(token)
  if (typ === VIEWER_TYP) {
    const claims = await verifier.verify(token, { issuer: GATEWAY, audience, typ })
    return {
      kind: 'viewer',
      userId: claims.sub ?? null,
      sessionId: typeof claims.sid === 'string' ? claims.sid : null,
      ...(typeof claims.address === 'string' && { address: claims.address }),
    }
  }
  if (!services.includes(iss)) throw new Error('the issuer may not call this service')
  await verifier.verify(token, { issuer: iss, audience, typ: SERVICE_TYP })
  return { kind: 'service', service: iss }
}
