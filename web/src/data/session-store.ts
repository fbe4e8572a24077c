import { markToForget } from './users-to-forget.ts'

/** The signed-in user of this device, with the tokens of the session. */
export type Session = {
  userId: string
  handle: string
  displayName: string
  accessToken: string
  refreshToken: string
  /** When the access token expires by the clock of this device, in RFC 3339. */
  expiresAt: string
}

const KEY = 'moblog-session'
const listeners = new Set<() => void>()

/** Returns the session of this device; null when signed out. */
export function readSession(): Session | null {
  const text = localStorage.getItem(KEY)
  return text === null ? null : (JSON.parse(text) as Session)
}

/** Keeps the session, also after a restart. */
export function writeSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session))
  tellListeners()
}

/** Signs a user out on this device. What it has kept of the user is deleted (app/forget-device.ts). */
export function removeSession(userId: string): void {
  markToForget(userId)
  if (readSession()?.userId !== userId) return
  localStorage.removeItem(KEY)
  tellListeners()
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
