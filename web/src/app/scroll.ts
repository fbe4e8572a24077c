const WITHIN_MS = 1_500

/** Scrolls to the top of a new screen, and back to where the user was when they go back. */
export function keepScroll(signal: AbortSignal): void {
  history.scrollRestoration = 'manual'
  const positions = new Map<string, number>()
  let current = location.hash
  // Going back is a change of the address without a click.
  let wasClicked = false
  const remember = () => {
    positions.set(current, scrollY)
  }
  const noteClick = () => {
    wasClicked = true
  }
  const move = () => {
    const target = wasClicked ? 0 : (positions.get(location.hash) ?? 0)
    current = location.hash
    wasClicked = false
    scrollWhenPossible(target, performance.now() + WITHIN_MS)
  }
  addEventListener('scroll', remember, { signal, passive: true })
  addEventListener('click', noteClick, { signal, capture: true })
  addEventListener('hashchange', move, { signal })
}

/** Scrolls as soon as the screen is long enough. */
function scrollWhenPossible(target: number, until: number): void {
  scrollTo({ top: target, behavior: 'instant' })
  if (Math.abs(scrollY - target) < 2 || performance.now() > until) return
  requestAnimationFrame(() => scrollWhenPossible(target, until))
}
