/** Shows a short message at the bottom of the screen, which readers of the screen hear too. */
export function toast(text: string): void {
  dispatchEvent(new CustomEvent('moblog-toast', { detail: text }))
}
