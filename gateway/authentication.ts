import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import { decodeJwt } from 'jose'
import { LRUCache } from 'lru-cache'
import { clientAddress } from '../platform/http/client-address.ts'
import { bearerToken } from '../platform/http/respond.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Log } from '../platform/log.ts'
import { REMEMBER_CHECKED_MS, type Verifier } from '../platform/tokens/verifier.ts'
import type { ProviderSession } from './identity-provider.ts'

/** The viewer of a request, and the time at which the token expires, in milliseconds since 1970. */
export type Session = { viewer: Viewer; expiresAt: number }

/** Authenticates a request; see `createAuthentication`. */
export type Authentication = (request: IncomingMessage) => Promise<Session>

/** The dependencies and options of `createAuthentication`. */
export type AuthenticationOptions = {
  /** Trusts `communication`, which issues access tokens. */
  verifier: Verifier
  /** Whether the session revocations have been loaded. Until then, no token is accepted. */
  knowsSessionRevocations(): Promise<boolean>
  /** Whether this session or user was revoked before the tokens expire. */
  hasEnded(id: string): boolean
  /** The number of proxies in front of the gateway. */
  trustedProxies: number
  /** The app's own identity provider, if one is configured. */
  identityProvider?: { issuer: string; read(token: string): Promise<ProviderSession | null> } | null
  log: Log
  /** How long a verified token is accepted without being verified again, in milliseconds. */
  rememberMs?: number
}

const SIGNED_OUT: Session = { viewer: ANONYMOUS, expiresAt: Number.POSITIVE_INFINITY }

/**
 * Creates the only place where a client's token is checked. Later steps receive the viewer and never see the token.
 *
 * Without a token, the viewer is signed out. A token that is expired, forged, of another kind or of a revoked session
 * gets `UNAUTHENTICATED` and HTTP status 401, so that the client knows to refresh its session.
 */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { knowsSessionRevocations, hasEnded, trustedProxies, log, rememberMs = REMEMBER_CHECKED_MS } = options
  let isProxyExpected = trustedProxies > 0
  // A mobile client sends the same token with every request for minutes, so the gateway caches the result.
  const verified = new LRUCache<string, Session>({ max: 50_000 })

  const identify = async (request: IncomingMessage): Promise<Session> => {
    if (request.headers.authorization === undefined) return SIGNED_OUT
    const token = bearerToken(request)
    if (!token) throw notAuthenticated()
    const known = verified.get(token)
    const session = known ?? (await readToken(options, token))
    const { userId, sessionId } = session.viewer
    if (!(await knowsSessionRevocations())) throw notYet()
    if ([userId, sessionId].some((id) => id !== null && hasEnded(id))) {
      verified.delete(token)
      throw notAuthenticated()
    }
    const ttl = Math.min(rememberMs, Math.max(1, session.expiresAt - Date.now()))
    if (!known) verified.set(token, session, { ttl })
    return session
  }

  return async (request) => {
    if (!isProxyExpected && request.headers['x-forwarded-for'] !== undefined) {
      isProxyExpected = true
      log.warn(
        {},
        'requests come through a proxy but TRUSTED_PROXIES is 0, so all clients behind it share one rate limit',
      )
    }
    const { viewer, expiresAt } = await identify(request)
    const address = clientAddress(request, trustedProxies)
    return { viewer: address === undefined ? viewer : { ...viewer, address }, expiresAt }
  }
}

async function readToken(
  { verifier, identityProvider }: AuthenticationOptions,
  token: string,
): Promise<Session> {
  if (identityProvider && issuerOf(token) === identityProvider.issuer) {
    const session = await identityProvider.read(token)
    if (!session) throw notAuthenticated()
    const { userId, expiresAt } = session
    return { viewer: { kind: 'viewer', userId, sessionId: null }, expiresAt }
  }
  return readSession(verifier, token)
}

// Reads the issuer before the signature is checked, only to choose the keys to check it with.
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

async function readSession(verifier: Verifier, token: string): Promise<Session> {
  try {
    const claims = await verifier.verify(token, {
      issuer: 'communication',
      audience: 'gateway',
      typ: 'session+jwt',
    })
    if (!claims.sub || !claims.exp || typeof claims.sid !== 'string')
      throw new Error('the claim "sub", "exp" or "sid" is missing')
    return {
      viewer: { kind: 'viewer', userId: claims.sub, sessionId: claims.sid },
      expiresAt: claims.exp * 1000,
    }
  } catch {
    throw notAuthenticated()
  }
}

function notAuthenticated(): GraphQLError {
  return new GraphQLError(
    'The access token is invalid, has expired or was revoked. Refresh the session or sign in again.',
    {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    },
  )
}

function notYet(): GraphQLError {
  return new GraphQLError('The service is starting. Try again in a moment.', {
    extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
  })
}
