import { pageUserId } from './session-store.ts'

/** Where the user types something that is not sent yet. */
export type TypingPlace = `comment ${string}` | `edit ${string}` | 'profile' | `search ${string}`

/** The places that are remembered, and the characters in all of them. The oldest are forgotten first. */
const MOST_PLACES = 40
const MOST_CHARACTERS = 100_000

const keyOf = (userId: string) => `moblog-typed-${userId}`

/** What the user has typed at a place on this device, and has neither sent nor discarded. */
export function typedText(place: TypingPlace): string | null {
  const userId = pageUserId()
  return userId === null ? null : (readAll(userId).get(place) ?? null)
}

/** Keeps what the user types, so that it is still there when they come back. Null or an empty text forgets it. */
export function keepTypedText(place: TypingPlace, text: string | null): void {
  const userId = pageUserId()
  // A page whose user has signed out keeps nothing more.
  if (userId === null) return
  const all = readAll(userId)
  if (!text && !all.has(place)) return
  all.delete(place)
  if (text) all.set(place, text)
  for (const oldest of all.keys()) {
    const characters = [...all.values()].reduce((sum, { length }) => sum + length, 0)
    if (all.size <= MOST_PLACES && characters <= MOST_CHARACTERS) break
    all.delete(oldest)
  }
  try {
    if (all.size === 0) localStorage.removeItem(keyOf(userId))
    else localStorage.setItem(keyOf(userId), JSON.stringify([...all]))
  } catch {
    // The storage is full. The text stays as long as its screen.
  }
}

/** What the user has typed into a form: the values of its fields. */
export function typedFields(place: TypingPlace): Readonly<Record<string, string>> | null {
  const text = typedText(place)
  return text === null ? null : (JSON.parse(text) as Record<string, string>)
}

export function keepTypedFields(place: TypingPlace, fields: Readonly<Record<string, string>> | null): void {
  keepTypedText(place, fields && JSON.stringify(fields))
}

/** Forgets what a user has typed on this device. */
export function forgetTypedOf(userId: string): void {
  localStorage.removeItem(keyOf(userId))
}

function readAll(userId: string): Map<string, string> {
  const text = localStorage.getItem(keyOf(userId))
  return new Map(text === null ? [] : (JSON.parse(text) as [string, string][]))
}
