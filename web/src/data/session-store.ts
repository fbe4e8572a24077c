import { markToForget, usersToForget } from './users-to-forget.ts'

/** The signed-in user of this device, with the tokens of the session. */
export type Session = {
  userId: string
  handle: string
  displayName: string
  accessToken: string
  refreshToken: string
  /** When the access token expires by the clock of this device, in RFC 3339. */
  expiresAt: string
  /** How far the clock of this device is ahead of the server's, in milliseconds. Sessions of earlier versions have none. */
  clockAheadMs?: number
}

const KEY = 'moblog-session'
// Only in this tab, and until a user signs in. The page is loaded again between the end of the session and the start page.
const ENDED_KEY = 'moblog-session-ended'
let shownUserId: string | null = null
const listeners = new Set<() => void>()

/** Returns the session of this device; null when signed out. */
export function readSession(): Session | null {
  const text = localStorage.getItem(KEY)
  return text === null ? null : (JSON.parse(text) as Session)
}

/** Notes whose client this page shows until it is loaded again. */
export function showUser(userId: string | null): void {
  shownUserId = userId
}

/** The user whom this page shows, also if another one has signed in while it was asleep; null before it shows one. */
export const shownUser = (): string | null => shownUserId

/**
 * The user of this page; null when signed out. A page that was asleep while another user has signed in has none: what its
 * user has written must not be kept for the other one.
 */
export function pageUserId(): string | null {
  const userId = readSession()?.userId ?? null
  return shownUserId === null || userId === shownUserId ? userId : null
}

/** The time of the server in milliseconds since 1970, as far as it is known: the clock of this device may be wrong. */
export const serverNow = (): number => Date.now() - (readSession()?.clockAheadMs ?? 0)

/** Keeps the session, also after a restart. */
export function writeSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session))
  tellListeners()
}

/** Signs a user out on this device. What it has kept of the user is deleted (app/forget-device.ts). */
export function removeSession(userId: string): void {
  markToForget(userId)
  if (readSession()?.userId === userId) localStorage.removeItem(KEY)
  // Also a page that was asleep while another user has signed in: it has to show this one.
  tellListeners()
}

/** Signs a user out because the server does not know the session any more, which the start page says. */
export function endSessionHere(userId: string): void {
  // One who is signing out knows it.
  if (!usersToForget().some((each) => each.userId === userId)) sessionStorage.setItem(ENDED_KEY, 'true')
  removeSession(userId)
}

export function hasSessionEnded(): boolean {
  return sessionStorage.getItem(ENDED_KEY) !== null
}

export function forgetSessionEnd(): void {
  sessionStorage.removeItem(ENDED_KEY)
}

function tellListeners(): void {
  for (const listener of listeners) listener()
}

/** Calls the listener when a user signs in or out, in this tab or in another one. */
export function onSessionChange(listener: () => void): () => void {
  const fromOtherTab = ({ key }: StorageEvent) => key === KEY && listener()
  listeners.add(listener)
  addEventListener('storage', fromOtherTab)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', fromOtherTab)
  }
}
