import { newId } from '../new-id.ts'

/** What the client keeps in the state of each entry of the browser's history. */
export type HistoryEntry = {
  /** Identifies the screen of the entry. The layers above it have the same. */
  screenId: string
  /** The place of the entry among those of the client. */
  position: number
  /** How many screens of the client are below it: none if the client was opened with it, for example by a link elsewhere. */
  depth: number
  /** Whether the entry was added for something above its screen, which the user closes with Back. */
  isLayer: boolean
  /** Whether its screen has led to the place in its address. From then on, it leads to where the user was. */
  hasLed?: boolean
}

/** The current entry; null if it is not known yet, because a link has just led to it. */
export function currentEntry(): HistoryEntry | null {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'screenId' in state ? (state as HistoryEntry) : null
}

/** The entry of a screen that was opened with the client, or from the screen of another entry. */
export function screenEntry(from: HistoryEntry | null): HistoryEntry {
  const [position, depth] = from ? [from.position + 1, from.depth + 1] : [0, 0]
  return { screenId: newId(), position, depth, isLayer: false }
}

/** Takes the place of the current screen, so that Back does not lead to it. */
export function replaceScreen(address: string): void {
  const entry = currentEntry()
  const { position = 0, depth = 0 } = entry ?? {}
  const next: HistoryEntry = { ...screenEntry(null), position, depth }
  history.replaceState(next, '', address)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
