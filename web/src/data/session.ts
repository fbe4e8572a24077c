import { RefreshSessionDocument } from '../../../generated/graphql/web.ts'
import { oneWindowAtATime } from '../browser-locks.ts'
import { clockAhead } from './clock-ahead.ts'
import { postDocument } from './post-document.ts'
import { endSessionHere, forgetSessionEnd, readSession, type Session, writeSession } from './session-store.ts'
import { unmark } from './users-to-forget.ts'

/** A session as the server grants it. */
type Granted = {
  accessToken: string
  refreshToken: string
  expiresAt: string
  user: { id: string; handle: string; displayName: string }
}

// A token that expires while its request is under way would cost another request.
const RENEW_BEFORE_MS = 20_000

/** The session has ended, or another user has signed in. Nothing was sent. */
export class NoSession extends Error {}

/**
 * Creates a `fetch` that sends the access token of one user, and renews it first if it expires soon, or if the server
 * refuses it. Nothing is sent without a token, nor with the token of another user: a page of the user before may have
 * been asleep while another one signed in.
 */
export function createAuthorizedFetch(userId: string): typeof fetch {
  return async (input, init) => {
    const { accessToken, expiresAt } = requireSession(userId)
    const isOld = Date.parse(expiresAt) - Date.now() < RENEW_BEFORE_MS
    const token = isOld ? await renew(userId, accessToken) : accessToken
    const response = await fetch(input, withToken(init, token))
    if (response.status !== 401 || isOld) return response
    return fetch(input, withToken(init, await renew(userId, token)))
  }
}

/**
 * Exchanges the refresh token, which works once. Tabs take turns, and a tab that comes second uses what the first one
 * got. Signs out if the session has ended.
 */
async function renew(userId: string, usedToken: string): Promise<string> {
  return oneWindowAtATime('moblog-session', async () => {
    const { accessToken, refreshToken } = requireSession(userId)
    if (accessToken !== usedToken) return accessToken
    const { data, sentAt } = await postDocument(RefreshSessionDocument, { input: { refreshToken } })
    const { refreshSession: result } = data
    // Another tab may have signed out meanwhile.
    requireSession(userId)
    if (result.__typename === 'RefreshSessionPayload') return keepSession(result.session, sentAt).accessToken
    if (result.code !== 'NOT_ALLOWED') throw new Error(result.message)
    endSessionHere(userId)
    throw new NoSession('The session has ended.')
  })
}

function requireSession(userId: string): Session {
  const session = readSession()
  if (session?.userId !== userId) throw new NoSession('The user of this page is not signed in any more.')
  return session
}

/** Keeps a session that the server has granted. @param sentAt when its answer was sent by the clock of the server */
export function keepSession(
  { user, accessToken, refreshToken, expiresAt }: Granted,
  sentAt: string | null,
): Session {
  const { id: userId, handle, displayName } = user
  const clockAheadMs = clockAhead(sentAt, Date.now())
  const session = {
    userId,
    handle,
    displayName,
    accessToken,
    refreshToken,
    expiresAt: new Date(Date.parse(expiresAt) + clockAheadMs).toISOString(),
    clockAheadMs,
  }
  unmark(userId)
  forgetSessionEnd()
  writeSession(session)
  return session
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers)
  headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}
