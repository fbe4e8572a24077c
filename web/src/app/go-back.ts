/** Handles a link that leads back: it goes to where the user came from, or to its address if they came from outside. */
export function goBack(event: Event): void {
  if (history.length < 2) return
  event.preventDefault()
  history.back()
}
