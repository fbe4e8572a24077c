import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import { z } from 'zod'
import type { Viewer } from '../../platform/identity/caller.ts'
import type { Authentication, Session } from '../authentication.ts'
import type { NewestTokenEnd } from './session-renewals.ts'

/** Why a stream was ended, for its client. */
export type StreamEnd = {
  code: 'RATE_LIMITED' | 'UNAUTHENTICATED'
  message: string
  /** Whether a client that refreshes its session can subscribe again. */
  isExpired: boolean
}

/** The session of a connection that stays open. */
export type LiveSession = {
  session: Session
  /** Aborts when the session is over, with a `StreamEnd` as its reason. */
  ended: AbortSignal
}

/** Opens live sessions; see `createLiveSessions`. */
export type LiveSessions = {
  /** Authenticates a request. A newer token of a session prolongs the live sessions of the same session. */
  authenticate: Authentication
  /** @param during ends the observation of the session when it aborts */
  open(request: IncomingMessage, session: Session, during: AbortSignal): LiveSession
}

/** The dependencies of `createLiveSessions`. */
export type LiveSessionOptions = {
  authenticate: Authentication
  /**
   * Returns a signal that aborts when the session is revoked before its token expires. It works until `during` aborts.
   */
  whenEnded: (viewer: Viewer, during: AbortSignal) => AbortSignal
  /** Asked when a token expires, because the client may have received a newer one through another gateway process. */
  newestTokenEnd?: NewestTokenEnd
  /** How often the token of an open connection is verified again, because its key may have been removed. */
  checkEveryMs?: number
}

type Renewal = (session: Session, authorization: string | undefined) => void

const EXPIRED: StreamEnd = {
  code: 'UNAUTHENTICATED',
  message: 'The access token has expired. Refresh the session and subscribe again.',
  isExpired: true,
}
const NOT_VALID: StreamEnd = {
  code: 'UNAUTHENTICATED',
  message: 'The access token is no longer valid. Refresh the session or sign in again.',
  isExpired: true,
}
const REVOKED: StreamEnd = {
  code: 'UNAUTHENTICATED',
  message: 'The session was ended. Sign in again.',
  isExpired: false,
}

// A timer cannot be set for more than 2^31-1 ms.
const MAX_TIMER_MS = 2_147_483_647

/**
 * Observes the sessions of open connections. A session is over when it is revoked, or when its token expires and no
 * newer token of the same session was issued. This process knows of it when it arrives with any other request, or asks
 * for it.
 */
export function createLiveSessions(options: LiveSessionOptions): LiveSessions {
  const { whenEnded, newestTokenEnd = async () => null, checkEveryMs = 60_000 } = options
  const renewals = new Map<string, Set<Renewal>>()

  const listen = (sessionId: string | null, renew: Renewal, during: AbortSignal) => {
    if (sessionId === null) return
    const own = renewals.get(sessionId) ?? new Set()
    renewals.set(sessionId, own.add(renew))
    during.addEventListener('abort', () => {
      own.delete(renew)
      if (own.size === 0 && renewals.get(sessionId) === own) renewals.delete(sessionId)
    })
  }

  return {
    async authenticate(request) {
      const session = await options.authenticate(request)
      const own = renewals.get(session.viewer.sessionId ?? '')
      for (const renew of own ?? []) renew(session, request.headers.authorization)
      return session
    },
    open(request, session, during) {
      const over = new AbortController()
      const { viewer } = session
      // A client that has already gone needs no observation.
      if (viewer.userId === null || during.aborted) return { session, ended: over.signal }
      let { expiresAt } = session
      let { authorization } = request.headers
      const expire = async () => {
        if (Date.now() >= expiresAt && viewer.sessionId !== null) {
          const newest = await newestTokenEnd(viewer.sessionId)
          if (during.aborted || over.signal.aborted) return
          if (newest !== null && newest > expiresAt) {
            expiresAt = newest
            // This process has never seen the newest token, so it cannot verify it again.
            authorization = undefined
          }
        }
        if (Date.now() >= expiresAt) over.abort(EXPIRED)
        else expiring = timerUntil(expiresAt, expire)
      }
      let expiring = timerUntil(expiresAt, expire)
      const check = () =>
        authorization === undefined
          ? undefined
          : options.authenticate(withAuthorization(request, authorization)).catch((error) => {
              if (isUnauthenticated(error)) over.abort(NOT_VALID)
            })
      const checking = setInterval(check, checkEveryMs).unref()
      const revoked = whenEnded(viewer, during)
      revoked.addEventListener('abort', () => over.abort(REVOKED))
      const renew: Renewal = (newer, header) => {
        if (newer.expiresAt <= expiresAt || newer.viewer.userId !== viewer.userId) return
        expiresAt = newer.expiresAt
        authorization = header
      }
      listen(viewer.sessionId, renew, during)
      during.addEventListener('abort', () => {
        clearTimeout(expiring)
        clearInterval(checking)
      })
      return { session, ended: over.signal }
    },
  }
}

/** Returns why a stream has ended; null if it has not, or if its client or the process has ended it. */
export function endOf({ reason }: AbortSignal): StreamEnd | null {
  return streamEnd.safeParse(reason).data ?? null
}

const streamEnd = z.object({
  code: z.enum(['RATE_LIMITED', 'UNAUTHENTICATED']),
  message: z.string(),
  isExpired: z.boolean(),
})

/** Returns the request with another `Authorization` header. */
export function withAuthorization(
  request: IncomingMessage,
  authorization: string | undefined,
): IncomingMessage {
  return Object.create(request, { headers: { value: { ...request.headers, authorization } } })
}

/** Whether the token is invalid. False if it could not be checked because a service is unavailable. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions.code === 'UNAUTHENTICATED'
}

function timerUntil(instant: number, run: () => unknown): NodeJS.Timeout {
  return setTimeout(run, Math.min(Math.max(0, instant - Date.now()), MAX_TIMER_MS)).unref()
}
