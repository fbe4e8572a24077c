import {
  RefreshSessionDocument,
  SignInDocument,
  type SignInInput,
  SignUpDocument,
  type SignUpInput,
} from '../../../generated/graphql/web.ts'
import { postDocument } from './post-document.ts'
import { readSession, type Session, writeSession } from './session-store.ts'

/** Why signing in or up failed: a message for the user, and the input field that it is about. */
export type Refusal = { message: string; field: string | null }

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
  const { signUp: result } = await postDocument(SignUpDocument, {
    input: { ...input, deviceName: deviceName() },
  })
  if (result.__typename !== 'SignUpPayload') return refusalOf(result)
  keep(result.session)
  return null
}

/** Signs in. Returns null on success. */
export async function signIn({ handle, password }: SignInInput): Promise<Refusal | null> {
  const { signIn: result } = await postDocument(SignInDocument, {
    // Sample accounts have more fields, which the API refuses.
    input: { handle, password, deviceName: deviceName() },
  })
  if (result.__typename !== 'SignInPayload') return refusalOf(result)
  keep(result.session)
  return null
}

/** Sends a request with the access token, which it renews first if it expires soon, or if the server refuses it. */
export const authorizedFetch: typeof fetch = async (input, init) => {
  const session = readSession()
  if (!session) return fetch(input, init)
  const isOld = Date.parse(session.expiresAt) - Date.now() < RENEW_BEFORE_MS
  const token = isOld ? await renew(session.accessToken) : session.accessToken
  const response = await fetch(input, withToken(init, token))
  if (response.status !== 401 || token === null || isOld) return response
  return fetch(input, withToken(init, await renew(token)))
}

/**
 * Exchanges the refresh token, which works once. Tabs take turns, and a tab that comes second uses what the first one
 * got. Signs out if the session has ended.
 */
async function renew(usedToken: string): Promise<string | null> {
  return navigator.locks.request('moblog-session', async () => {
    const session = readSession()
    if (!session || session.accessToken !== usedToken) return session?.accessToken ?? null
    const { refreshSession: result } = await postDocument(RefreshSessionDocument, {
      input: { refreshToken: session.refreshToken },
    })
    if (result.__typename === 'RefreshSessionPayload') return keep(result.session).accessToken
    if (result.code === 'NOT_ALLOWED') writeSession(null)
    return null
  })
}

function keep({ user, accessToken, refreshToken, expiresAt }: Granted): Session {
  const { id: userId, handle, displayName } = user
  const session = { userId, handle, displayName, accessToken, refreshToken, expiresAt }
  writeSession(session)
  return session
}

function refusalOf(result: { message: string; field?: string | null }): Refusal {
  return { message: result.message, field: result.field?.replace(/^input\./, '') ?? null }
}

function withToken(init: RequestInit | undefined, token: string | null): RequestInit {
  const headers = new Headers(init?.headers)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

function deviceName(): string {
  const agent = navigator.userAgent
  const browser =
    /(Firefox|Edg|SamsungBrowser|Chrome|Safari)\//.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? 'Browser'
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1]?.replace('Mac OS X', 'Mac')
  return system === undefined ? browser : `${browser} · ${system}`
}
