/**
 * Keeps the screen on until the promise settles, because phones whose screen goes off take the camera away. Browsers end
 * this when the page is hidden, so it is requested again when the page is back. Does nothing where it is not possible.
 */
export function keepAwake(ended: Promise<unknown>): void {
  const over = new AbortController()
  const request = async () => {
    if (document.visibilityState !== 'visible') return
    const lock = await navigator.wakeLock?.request('screen')
    await ended
    await lock?.release()
  }
  const tryTo = () => void request().catch(() => {})
  document.addEventListener('visibilitychange', tryTo, { signal: over.signal })
  tryTo()
  void ended.finally(() => over.abort()).catch(() => {})
}
