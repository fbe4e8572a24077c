const NAME = 'moblog-playing'

/** Makes sure that only one media of a page plays, also if the page contains several copies of this script. */
export function playOne(player: EventTarget & { pause(): void }, signal: AbortSignal): () => void {
  document.addEventListener(
    NAME,
    (event) => {
      if (event instanceof CustomEvent && event.detail !== player) player.pause()
    },
    { signal },
  )
  return () => void document.dispatchEvent(new CustomEvent(NAME, { detail: player }))
}
