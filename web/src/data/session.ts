import {
  RefreshSessionDocument,
  SignInDocument,
  type SignInInput,
  SignUpDocument,
  type SignUpInput,
} from '../../../generated/graphql/web.ts'
import { oneWindowAtATime } from '../browser-locks.ts'
import { clockAhead } from './clock-ahead.ts'
import { postDocument } from './post-document.ts'
import { endSessionHere, forgetSessionEnd, readSession, type Session, writeSession } from './session-store.ts'
import { unmark } from './users-to-forget.ts'

/** Why signing in or up failed: the server's code and message, and the input field that it is about. */
export type Refusal = { code: string; message: string; field: string | null }

type Granted = {
  accessToken: string
  refreshToken: string
  expiresAt: string
  user: { id: string; handle: string; displayName: string }
}

// A token that expires while its request is under way would cost another request.
const RENEW_BEFORE_MS = 20_000

/** Creates an account and signs in to it. Returns null on success. */
export async function signUp(input: SignUpInput): Promise<Refusal | null> {
  const { data, sentAt } = await postDocument(SignUpDocument, {
    input: { ...input, deviceName: deviceName() },
  })
  const { signUp: result } = data
  // The handle is the only part of an account that another user can have.
  if (result.__typename !== 'SignUpPayload')
    return { ...refusalOf(result), ...(result.code === 'CONFLICT' && { field: 'handle' }) }
  keep(result.session, sentAt)
  return null
}

/** Signs in. Returns null on success. */
export async function signIn({ handle, password }: SignInInput): Promise<Refusal | null> {
  const { data, sentAt } = await postDocument(SignInDocument, {
    // Sample accounts have more fields, which the API refuses.
    input: { handle, password, deviceName: deviceName() },
  })
  const { signIn: result } = data
  if (result.__typename !== 'SignInPayload') return refusalOf(result)
  keep(result.session, sentAt)
  return null
}

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
    if (result.__typename === 'RefreshSessionPayload') return keep(result.session, sentAt).accessToken
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

function keep({ user, accessToken, refreshToken, expiresAt }: Granted, sentAt: string | null): Session {
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

function refusalOf({ code, message, field }: Omit<Refusal, 'field'> & { field?: string | null }): Refusal {
  return { code, message, field: field?.replace(/^input\./, '') ?? null }
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers)
  headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

function deviceName(): string {
  const agent = navigator.userAgent
  const browser =
    /(Firefox|Edg|SamsungBrowser|Chrome|Safari)\//.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? 'Browser'
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1]?.replace('Mac OS X', 'Mac')
  return system === undefined ? browser : `${browser} · ${system}`
}
