// A timer may stand still while the device sleeps, and browsers call a very long one at once.
const LONGEST_WAIT_MS = 60_000

/**
 * Calls `look` when the time has come that `next` returns, and whenever the page is shown again: after the device has slept,
 * that time may be over while a timer still waits.
 *
 * @param next when to look in milliseconds since 1970; `Infinity` if there is nothing to wait for
 * @param now the clock that `next` goes by
 * @returns must be called when `next` may have changed
 */
export function watchClock(
  next: () => number,
  look: () => void,
  now: () => number,
  page: EventTarget = document,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const plan = () => {
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', lookAgain)
    const wait = next() - now()
    if (wait === Infinity) return
    timer = setTimeout(lookAgain, Math.min(wait, LONGEST_WAIT_MS))
    page.addEventListener('visibilitychange', lookAgain)
  }
  const lookAgain = () => {
    look()
    plan()
  }
  page.addEventListener('visibilitychange', lookAgain)
  return plan
}
