const AT_MOST_EVERY_MS = 3_600_000

/**
 * Looks for a new version of the client when the page is looked at again. Browsers only do so when a page is loaded, and an
 * installed app may be brought back to the front for weeks without that. The service worker keeps the new version, and the
 * next load shows it.
 */
export function followUpdates(
  registered: Promise<{ update(): Promise<unknown> }>,
  page: Pick<Document, 'addEventListener' | 'visibilityState'> = document,
): void {
  let lookedAt = Date.now()
  page.addEventListener('visibilitychange', () => {
    const now = Date.now()
    const isSoon = Math.abs(now - lookedAt) < AT_MOST_EVERY_MS
    if (page.visibilityState !== 'visible' || isSoon || !navigator.onLine) return
    lookedAt = now
    // Without an answer, there is nothing new.
    registered.then((registration) => registration.update()).catch(() => {})
  })
}
