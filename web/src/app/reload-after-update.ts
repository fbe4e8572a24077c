const KEY = 'moblog-reloaded-at'
const AT_MOST_EVERY_MS = 60_000

/** Where the time of the last reload is kept: a `sessionStorage`. */
type Memory = Pick<Storage, 'getItem' | 'setItem'>

/**
 * Reloads the page if a file of its version is lost, because there was an update since it was opened. Drafts are kept
 * while they are written. A page whose files are lost for another reason is not reloaded again and again.
 */
export function reloadAfterUpdate(
  page: EventTarget = window,
  memory: Memory = sessionStorage,
  reload: () => void = () => location.reload(),
): void {
  page.addEventListener('vite:preloadError', (event) => {
    const now = Date.now()
    const last = Number(memory.getItem(KEY) ?? 0)
    if (!navigator.onLine || Math.abs(now - last) < AT_MOST_EVERY_MS) return
    memory.setItem(KEY, String(now))
    // Otherwise, the error is reported although the page is about to be new.
    event.preventDefault()
    reload()
  })
}
