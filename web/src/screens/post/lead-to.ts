const WITHIN_MS = 1_500
const MOVES = ['keydown', 'pointerdown', 'touchstart', 'wheel'] as const

/** Opens a screen at an element, also while what is above it is still growing, until the user moves. */
export function openAt(element: Element): void {
  const until = performance.now() + WITHIN_MS
  const moved = new AbortController()
  for (const name of MOVES)
    addEventListener(name, () => moved.abort(), { signal: moved.signal, passive: true })
  const hold = () => {
    if (moved.signal.aborted || !element.isConnected || performance.now() > until) return moved.abort()
    element.scrollIntoView({ block: 'start', behavior: 'instant' })
    requestAnimationFrame(hold)
  }
  hold()
}

/** Shows an element that has just appeared. */
export function lookAt(element: Element): void {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  element.scrollIntoView({ block: 'center', behavior: isCalm ? 'instant' : 'smooth' })
}
