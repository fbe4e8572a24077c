import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { Keyring } from '../tokens/keyring.ts'
import { CLOCK_SKEW_SECONDS } from '../tokens/strict-token.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Caller, Viewer } from './caller.ts'

const LIFETIME_SECONDS = 60
const VIEWER_TYP = 'viewer+jwt'
const VIEWERS_TYP = 'viewers+jwt'
const SERVICE_TYP = 'service+jwt'

/**
 * The header with the assertions of all viewers but the first, separated by commas, if viewers with an assertion each
 * request the same at the same time.
 */
export const FURTHER_ASSERTIONS = 'x-further-assertions'

/** The only service that may say who the viewer is. */
const GATEWAY = 'gateway'

/**
 * Signs an assertion of who the caller is, for one service, valid for a minute.
 *
 * @param audience the name of the service that is called
 */
export function signCaller(keyring: Keyring, caller: Caller, audience: string): Promise<string> {
  if (caller.kind === 'service') return keyring.sign({ aud: audience, exp: soon() }, SERVICE_TYP)
  return keyring.sign({ aud: audience, exp: soon(), ...claimsOf(caller) }, VIEWER_TYP)
}

/**
 * Signs one assertion for several viewers who request the same at the same time, in their order.
 *
 * @param audience the name of the service that is called
 */
export function signViewers(keyring: Keyring, viewers: readonly Viewer[], audience: string): Promise<string> {
  return keyring.sign({ aud: audience, exp: soon(), viewers: viewers.map(claimsOf) }, VIEWERS_TYP)
}

function soon(): number {
  return Math.floor(Date.now() / 1000) + LIFETIME_SECONDS
}

function claimsOf({ userId, sessionId, address }: Viewer) {
  return {
    ...(userId !== null && { sub: userId, sid: sessionId }),
    ...(address !== undefined && { address }),
  }
}

function viewersOf({ viewers }: JWTPayload): Viewer[] {
  return z.array(z.unknown()).parse(viewers).map(viewerOf)
}

const viewerClaims = z.object({
  sub: z.string().optional(),
  sid: z.string().nullish(),
  address: z.string().optional(),
})

function viewerOf(claims: unknown): Viewer {
  const { sub, sid, address } = viewerClaims.parse(claims)
  return {
    kind: 'viewer',
    userId: sub ?? null,
    sessionId: sid ?? null,
    ...(address !== undefined && { address }),
  }
}

/**
 * Reads the callers from a token that `signCaller` or `signViewers` created. The token is accepted for CLOCK_SKEW_SECONDS
 * after its lifetime of a minute, because the clocks of services differ.
 *
 * @param audience the name of the service that reads the token
 * @param services the services that may call this one on their own behalf
 * @returns one caller, or the viewers for whom `signViewers` signed, in their order
 * @throws Error if anything is wrong with the token
 */
export async function readCallers(
  verifier: Verifier,
  token: string,
  audience: string,
  services: readonly string[],
): Promise<Caller[]> {
  // Read before the signature is verified, only to choose the checks.
  const { typ } = decodeProtectedHeader(token)
  const { iss = '' } = decodeJwt(token)
  const times = { leewaySeconds: CLOCK_SKEW_SECONDS, maxLifetimeSeconds: LIFETIME_SECONDS }
  const verify = (issuer: string, typ: string) => verifier.verify(token, { issuer, audience, typ, ...times })
  if (typ === VIEWER_TYP) return [viewerOf(await verify(GATEWAY, typ))]
  if (typ === VIEWERS_TYP) return viewersOf(await verify(GATEWAY, typ))
  if (!services.includes(iss)) throw new Error('the issuer may not call this service')
  await verify(iss, SERVICE_TYP)
  return [{ kind: 'service', service: iss }]
}
