/** The signed-in user of this device, with the tokens of the session. */
export type Session = {
  userId: string
  handle: string
  displayName: string
  accessToken: string
  refreshToken: string
  expiresAt: string
}

const KEY = 'moblog-session'
const listeners = new Set<() => void>()

/** Returns the session of this device; null when signed out. */
export function readSession(): Session | null {
  const text = localStorage.getItem(KEY)
  return text === null ? null : (JSON.parse(text) as Session)
}

/** Keeps the session, also after a restart; null signs out. */
export function writeSession(session: Session | null): void {
  if (session) localStorage.setItem(KEY, JSON.stringify(session))
  else localStorage.removeItem(KEY)
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
