import { currentEntry, type HistoryEntry, screenEntry } from './history-entry.ts'

const WITHIN_MS = 1_500
// Browsers keep no more entries than this.
const MOST_POSITIONS = 50

/**
 * Gives Back its meaning on all screens: it closes what is open above the screen, and otherwise leads to the screen before,
 * where the user was on it. A dialog tells that it is open with the event `moblog-dialog-opened`.
 *
 * Closing a dialog in another way leaves its entry in the history, because going back takes time, in which the user may
 * have followed a link. The next dialog uses that entry, and Back passes over it.
 */
export function followHistory(signal: AbortSignal): void {
  history.scrollRestoration = 'manual'
  const positions = new Map<string, number>()
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
    scrollWhenPossible(positions.get(shownId) ?? 0, performance.now() + WITHIN_MS)
  }
  const open = (event: Event) => {
    dialogs.push((event as CustomEvent<HTMLDialogElement>).detail)
    addLayer()
  }
  const remember = () => {
    const [oldest] = positions.keys()
    if (positions.size >= MOST_POSITIONS && oldest !== undefined) positions.delete(oldest)
    positions.delete(shownId)
    positions.set(shownId, scrollY)
  }
  addEventListener('scroll', remember, { signal, passive: true })
  addEventListener('popstate', move, { signal })
  addEventListener('hashchange', scroll, { signal })
  addEventListener('moblog-dialog-opened', open, { signal })
}

function keep(entry: HistoryEntry): HistoryEntry {
  history.replaceState(entry, '')
  return entry
}

/** Scrolls as soon as the screen is long enough. */
function scrollWhenPossible(target: number, until: number): void {
  scrollTo({ top: target, behavior: 'instant' })
  if (Math.abs(scrollY - target) < 2 || performance.now() > until) return
  requestAnimationFrame(() => scrollWhenPossible(target, until))
}
