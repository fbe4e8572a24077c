import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { bearerToken } from '../platform/http/respond.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Verifier } from '../platform/tokens/verifier.ts'

/** Who sends a request, and until when (milliseconds since 1970) that is so. */
export type Session = { viewer: Viewer; expiresAt: number }

/** Finds out who sends a request; see `createAuthentication`. */
export type Authentication = (request: IncomingMessage) => Promise<Session>

const SIGNED_OUT: Session = { viewer: ANONYMOUS, expiresAt: Number.POSITIVE_INFINITY }

/**
 * The one place where a client's session token is checked. What follows is told the result and never sees the token.
 *
 * No token means signed out; a token that is expired, forged or of another kind is refused with `UNAUTHENTICATED` and
 * HTTP status 401, so that a client knows to refresh its session.
 */
export function createAuthentication(verifier: Verifier): Authentication {
  // A mobile client sends the same token with every request for minutes: one check is enough.
  const verified = new LRUCache<string, Session>({ max: 50_000 })

  return async (request) => {
    if (request.headers.authorization === undefined) return SIGNED_OUT
    const token = bearerToken(request)
    if (!token) throw notAuthenticated()
    const known = verified.get(token)
    if (known) return known
    const session = await readSession(verifier, token)
    verified.set(token, session, { ttl: Math.max(1, session.expiresAt - Date.now()) })
    return session
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
  return new GraphQLError('The session token is not valid any more. Refresh the session or sign in again.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  })
}
