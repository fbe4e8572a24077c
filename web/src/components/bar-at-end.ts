// Below a bar that is higher up, because its screen ends there, there may be room for a message of three lines.
const ROOM = 96
const TOAST_MS = 5_000

let bar: HTMLElement | null = null

/**
 * Tells how high the bar is that sticks to the end of the screen, such as the field for comments: notices float above it, and
 * what is scrolled into view ends there.
 */
export function tellBarAtEnd(element: HTMLElement | null): void {
  // Again and again, but the same function is called only once.
  addEventListener('moblog-toast', followDuringToast)
  bar = element
  measureBarAtEnd()
}

/** Follows the bar while something is shown above it: at the end of its screen, it moves with what is above. */
export function followBarAtEnd(signal: AbortSignal): void {
  // It measures at once, too.
  const sizes = new ResizeObserver(measureBarAtEnd)
  sizes.observe(document.body)
  signal.addEventListener('abort', () => sizes.disconnect())
  // A function of its own, because the same one would be called until the first signal only.
  addEventListener('scroll', () => measureBarAtEnd(), { signal, passive: true })
}

function measureBarAtEnd(): void {
  document.documentElement.style.setProperty('--field-at-end', `${bar ? heightOf(bar) : 0}px`)
}

function heightOf(element: HTMLElement): number {
  const { position, bottom } = getComputedStyle(element)
  if (position !== 'sticky') return 0
  const below = innerHeight - element.getBoundingClientRect().bottom - Number.parseFloat(bottom)
  return below < ROOM ? element.offsetHeight + Math.max(0, below) : 0
}

/** Called when a short message is about to be shown (app/shell.ts). */
function followDuringToast(): void {
  followBarAtEnd(AbortSignal.timeout(TOAST_MS))
}
