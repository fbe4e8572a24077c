import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import { decodeJwt } from 'jose'
import { LRUCache } from 'lru-cache'
import { clientAddress } from '../platform/http/client-address.ts'
import { bearerToken } from '../platform/http/respond.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Log } from '../platform/log.ts'
import { REMEMBER_CHECKED_MS, type Verifier } from '../platform/tokens/verifier.ts'
import type { OutsideSession } from './outside-identity.ts'

/** Who sends a request, and until when (milliseconds since 1970) that is so. */
export type Session = { viewer: Viewer; expiresAt: number }

/** Finds out who sends a request; see `createAuthentication`. */
export type Authentication = (request: IncomingMessage) => Promise<Session>

/** What finding out who sends a request needs. */
export type AuthenticationOptions = {
  /** Trusts `communication`, which issues session tokens. */
  verifier: Verifier
  /** Whether it is known what has ended; while it is not, no token is taken. */
  knowsEndings(): Promise<boolean>
  /** Whether a session or a user has ended before its tokens have. */
  hasEnded(id: string): boolean
  /** How many proxies stand before the gateway. */
  trustedProxies: number
  /** The app's own identity provider, where it has one. */
  outside?: { issuer: string; read(token: string): Promise<OutsideSession | null> } | null
  log: Log
  /** How long a token that was checked is not checked again. */
  rememberMs?: number
}

const SIGNED_OUT: Session = { viewer: ANONYMOUS, expiresAt: Number.POSITIVE_INFINITY }

/**
 * The one place where a client's token is checked. What follows is told the result and never sees the token.
 *
 * No token means signed out; a token that is expired, forged, of another kind or of a session that has ended is refused
 * with `UNAUTHENTICATED` and HTTP status 401, so that a client knows to refresh its session.
 */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { knowsEndings, hasEnded, trustedProxies, log, rememberMs = REMEMBER_CHECKED_MS } = options
  let isProxyExpected = trustedProxies > 0
  // A mobile client sends the same token with every request for minutes: a check now and then is enough.
  const verified = new LRUCache<string, Session>({ max: 50_000 })

  const identify = async (request: IncomingMessage): Promise<Session> => {
    if (request.headers.authorization === undefined) return SIGNED_OUT
    const token = bearerToken(request)
    if (!token) throw notAuthenticated()
    const known = verified.get(token)
    const session = known ?? (await readToken(options, token))
    const { userId, sessionId } = session.viewer
    if (!(await knowsEndings())) throw notYet()
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
        'Requests come through a proxy. Set TRUSTED_PROXIES, or limits by address hold for all together.',
      )
    }
    const { viewer, expiresAt } = await identify(request)
    const address = clientAddress(request, trustedProxies)
    return { viewer: address === undefined ? viewer : { ...viewer, address }, expiresAt }
  }
}

async function readToken({ verifier, outside }: AuthenticationOptions, token: string): Promise<Session> {
  if (outside && issuerOf(token) === outside.issuer) {
    const session = await outside.read(token)
    if (!session) throw notAuthenticated()
    const { userId, expiresAt } = session
    return { viewer: { kind: 'viewer', userId, sessionId: null }, expiresAt }
  }
  return readSession(verifier, token)
}

// Read before the signature is checked, only to choose whose keys to check it with.
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
    if (!claims.sub || !claims.exp || typeof claims.sid !== 'string') throw new Error('a claim is missing')
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
    'The session token is not valid, or no longer. Refresh the session or sign in again.',
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
