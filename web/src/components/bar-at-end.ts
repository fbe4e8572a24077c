/**
 * Tells how high the bar is that sticks to the end of the screen, such as the field for comments: notices float above it, and
 * what is scrolled into view ends there.
 */
export function tellBarAtEnd(bar: HTMLElement | null): void {
  const height = bar && getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0
  document.documentElement.style.setProperty('--field-at-end', `${height}px`)
}
