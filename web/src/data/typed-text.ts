import { newId } from '../new-id.ts'
import { pageUserId } from './session-store.ts'

/** Where the user types something that is not sent yet. */
export type TypingPlace = `comment ${string}` | `edit ${string}` | 'profile' | `search ${string}`

/** The places that are remembered in all windows, and the characters in them. The oldest are forgotten first. */
const MOST_PLACES = 40
const MOST_CHARACTERS = 100_000
// A page that is loaded again may begin before the one before it has ended.
const COPY_AFTER_MS = 1_000

// In the `sessionStorage`, which each window has for itself and keeps when it is loaded again.
const WINDOW = 'moblog-window'
const lockOf = (windowId: string) => `moblog-window-${windowId}`

/** What was typed at a place in one window. An empty text says that the window shows none of another window. */
type Kept = { key: string; windowId: string; place: string; at: number; text: string }

// Each text has a key of its own, so that windows do not overwrite each other's texts.
const keyOf = (userId: string, windowId: string, place: string) => `${prefixOf(userId)}${windowId} ${place}`
const prefixOf = (userId: string) => `${oldKeyOf(userId)} `
// Earlier versions of the client kept the texts of all windows together.
const oldKeyOf = (userId: string) => `moblog-typed-${userId}`

/** What the user types in one window. */
export type TypedTexts = {
  /** What the user has typed at a place in this window, or else in another one, and has neither sent nor discarded. */
  typedText(place: TypingPlace): string | null
  /** Keeps what the user types, so that it is still there when they come back. Null or an empty text forgets it. */
  keepTypedText(place: TypingPlace, text: string | null): void
}

export function createTypedTexts(): TypedTexts {
  let windowId: string | null = null
  // The keys of texts of other windows that this one has shown.
  const borrowed = new Map<TypingPlace, Kept>()

  const ownId = (): string => {
    if (windowId !== null) return windowId
    const id = sessionStorage.getItem(WINDOW) ?? newId()
    beWindow(id)
    // The lock says that the window is open. Pages without a secure address have none.
    navigator.locks
      ?.request(lockOf(id), { signal: AbortSignal.timeout(COPY_AFTER_MS) }, () => new Promise(() => {}))
      .catch(() => leaveOriginal(id))
    return id
  }
  const beWindow = (id: string) => {
    windowId = id
    sessionStorage.setItem(WINDOW, id)
  }
  /** This window is a copy of one that is still open. Both go on with what there was. */
  const leaveOriginal = (originalId: string) => {
    windowId = null
    sessionStorage.removeItem(WINDOW)
    const [id, userId] = [ownId(), pageUserId()]
    if (userId === null) return
    for (const each of keptOf(userId))
      if (each.windowId === originalId) write(keyOf(userId, id, each.place), each.at, each.text)
  }
  /** Forgets a text that this window goes on with, if its own window was closed. Without locks, that is not known. */
  const takeOver = (place: TypingPlace) => {
    const text = borrowed.get(place)
    borrowed.delete(place)
    if (!text) return
    void navigator.locks?.request(lockOf(text.windowId), { ifAvailable: true }, (lock) => {
      if (lock) localStorage.removeItem(text.key)
    })
  }
  return {
    typedText(place) {
      const userId = pageUserId()
      if (userId === null) return null
      const [id, there] = [ownId(), keptOf(userId).filter((each) => each.place === place)]
      const own = there.find((each) => each.windowId === id)
      const last = own ?? there.findLast(({ text }) => text !== '')
      if (last && !own) borrowed.set(place, last)
      return last?.text || null
    },
    keepTypedText(place, text) {
      const userId = pageUserId()
      // A page whose user has signed out keeps nothing more.
      if (userId === null) return
      const id = ownId()
      const key = keyOf(userId, id, place)
      const others = keptOf(userId).filter((each) => each.key !== key)
      takeOver(place)
      if (!text && !others.some((each) => each.place === place && each.text !== ''))
        return localStorage.removeItem(key)
      write(key, Date.now(), text ?? '')
      forgetOldest(userId)
    },
  }
}

/** The texts of this window. */
export const { typedText, keepTypedText } = createTypedTexts()

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
  for (const { key } of keptOf(userId)) localStorage.removeItem(key)
}

/** The texts of all windows, oldest first. */
function keptOf(userId: string): Kept[] {
  divideOld(userId)
  const prefix = prefixOf(userId)
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '')
  return keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const [windowId = '', ...place] = key.slice(prefix.length).split(' ')
      const [at, text] = JSON.parse(localStorage.getItem(key) ?? '[0, ""]') as [number, string]
      return { key, windowId, place: place.join(' '), at, text }
    })
    .sort((a, b) => a.at - b.at)
}

function divideOld(userId: string): void {
  const old = localStorage.getItem(oldKeyOf(userId))
  if (old === null) return
  localStorage.removeItem(oldKeyOf(userId))
  for (const [place, text] of JSON.parse(old) as [string, string][])
    write(keyOf(userId, 'earlier', place), 0, text)
}

function forgetOldest(userId: string): void {
  const kept = keptOf(userId)
  let characters = kept.reduce((sum, { text }) => sum + text.length, 0)
  for (const [index, { key, text }] of kept.entries()) {
    if (kept.length - index <= MOST_PLACES && characters <= MOST_CHARACTERS) return
    localStorage.removeItem(key)
    characters -= text.length
  }
}

function write(key: string, at: number, text: string): void {
  try {
    localStorage.setItem(key, JSON.stringify([at, text]))
  } catch {
    // The storage is full. The text stays as long as its screen.
  }
}
