const NAME = 'moblog-playing'

/**
 * Makes sure that only one media of a page plays, also if the page contains several copies of this script.
 *
 * @param onOther called when another one begins to play
 * @returns tells the others that this one begins to play
 */
export function playOne(player: EventTarget, onOther: () => void, signal: AbortSignal): () => void {
  document.addEventListener(
    NAME,
    (event) => {
      if (event instanceof CustomEvent && event.detail !== player) onOther()
    },
    { signal },
  )
  return () => void document.dispatchEvent(new CustomEvent(NAME, { detail: player }))
}
