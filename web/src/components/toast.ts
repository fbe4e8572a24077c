/** Shows a short message over the screen, which readers of the screen hear too. */
export function toast(text: string): void {
  dispatchEvent(new CustomEvent('moblog-toast', { detail: text }))
}
