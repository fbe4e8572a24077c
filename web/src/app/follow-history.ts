import { pageUserId } from '../data/session-store.ts'
import { currentEntry, type HistoryEntry, screenEntry } from './history-entry.ts'

// The pages of a long list arrive one after the other.
const WITHIN_MS = 10_000
const MOVES = ['keydown', 'pointerdown', 'touchstart', 'wheel'] as const
// In the `sessionStorage`, which is kept with the history of the window.
const POSITIONS = 'moblog-positions'
// Browsers keep no more entries than this.
const MOST_POSITIONS = 50

/**
 * Gives Back its meaning on all screens: it closes what is open above the screen, and otherwise leads to the screen before,
 * where the user was on it, also after the page was loaded again. A dialog tells that it is open with the event
 * `moblog-dialog-opened`.
 *
 * Closing a dialog in another way leaves its entry in the history, because going back takes time, in which the user may
 * have followed a link. The next dialog uses that entry, and Back passes over it.
 */
export function followHistory(signal: AbortSignal): void {
  history.scrollRestoration = 'manual'
  const positions = new Map(JSON.parse(sessionStorage.getItem(POSITIONS) ?? '[]') as [string, number][])
  let returning = new AbortController()
  let dialogs: HTMLDialogElement[] = []
  let current = keep(currentEntry() ?? screenEntry(null))
  let address = location.hash
  let shownId = current.screenId

  const openDialogs = () => {
    dialogs = dialogs.filter(({ open, isConnected }) => open && isConnected)
    return dialogs
  }
  const addLayer = () => {
    if (current.isLayer) return
    current = { ...current, position: current.position + 1, isLayer: true }
    history.pushState(current, '')
  }
  const closeTop = (dialog: HTMLDialogElement) => {
    if (dialog.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close()
    // The dialog may have done something else, such as to end a recording, or there is another one below it.
    setTimeout(() => openDialogs().length > 0 && addLayer())
  }
  const move = () => {
    const left = current
    const known = currentEntry()
    // A link to the screen that is shown replaces its entry.
    const isSame = known === null && location.hash === address
    current = known ?? keep(isSame ? left : screenEntry(left))
    address = location.hash
    if (current.position === left.position) return
    const isBelow = left.isLayer && current.position === left.position - 1
    const top = openDialogs().at(-1)
    if (isBelow && top) closeTop(top)
    else if (isBelow) history.back()
    else for (const dialog of openDialogs()) dialog.close()
  }
  // After the screen has changed.
  const scroll = () => {
    move()
    if (current.screenId === shownId) return
    shownId = current.screenId
    show()
  }
  const show = () => {
    returning.abort()
    returning = new AbortController()
    returnTo(positions.get(shownId) ?? 0, returning)
  }
  const open = (event: Event) => {
    dialogs.push((event as CustomEvent<HTMLDialogElement>).detail)
    addLayer()
  }
  const remember = () => {
    // A page that is left again meanwhile has not come back yet.
    if (!returning.signal.aborted) return
    const [oldest] = positions.keys()
    if (positions.size >= MOST_POSITIONS && oldest !== undefined) positions.delete(oldest)
    positions.delete(shownId)
    positions.set(shownId, scrollY)
  }
  const save = () => {
    // A page whose user has signed out keeps nothing more.
    if (pageUserId() === null) return sessionStorage.removeItem(POSITIONS)
    // The event of the last movement may not have come yet.
    remember()
    sessionStorage.setItem(POSITIONS, JSON.stringify([...positions]))
  }
  show()
  addEventListener('scroll', remember, { signal, passive: true })
  addEventListener('pagehide', save, { signal })
  // A page in the background may be discarded without a sign.
  document.addEventListener('visibilitychange', save, { signal })
  addEventListener('popstate', move, { signal })
  addEventListener('hashchange', scroll, { signal })
  addEventListener('moblog-dialog-opened', open, { signal })
}

function keep(entry: HistoryEntry): HistoryEntry {
  history.replaceState(entry, '')
  return entry
}

/** Scrolls as soon as the screen is long enough, unless the user moves before. */
function returnTo(target: number, returning: AbortController): void {
  const { signal } = returning
  const scroll = () => {
    scrollTo({ top: target, behavior: 'instant' })
    if (Math.abs(scrollY - target) < 2) returning.abort()
  }
  const observer = new ResizeObserver(scroll)
  signal.addEventListener('abort', () => observer.disconnect())
  for (const name of MOVES) addEventListener(name, () => returning.abort(), { signal, passive: true })
  setTimeout(() => returning.abort(), WITHIN_MS)
  observer.observe(document.documentElement)
  scroll()
}
