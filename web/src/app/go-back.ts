import { currentEntry, replaceScreen } from './history-entry.ts'

/** Handles a link that leads back: it goes to where the user came from, or to its address if they came from outside. */
export function goBack(event: Event): void {
  event.preventDefault()
  const { currentTarget: link } = event
  if (link instanceof HTMLAnchorElement) leaveScreen(link.hash)
}

/**
 * Goes back to where the user came from.
 *
 * @param parent where to if this is the first screen of the client, for example because a link elsewhere led to it
 */
export function leaveScreen(parent: string): void {
  const depth = currentEntry()?.depth ?? 0
  if (depth > 0) history.back()
  else replaceScreen(parent)
}
